// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.data.Dataset;
import anabranch.client.data.FashionMnist;
import anabranch.client.data.LocalData;
import anabranch.client.data.Partition;
import anabranch.client.round.Participant;
import anabranch.client.round.ParticipantSettings;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.job.config.FederationConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.MemorySize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code anabranch client}. */
@Command(
    name = "client",
    description = {
      "Takes part in a federation with images of its own, until it is stopped.",
      "It ends with 1 when the cluster refuses it."
    })
final class ClientCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;

  @Option(
      names = "--id",
      paramLabel = "ID",
      required = true,
      description = "name of this client; no other may have it")
  private String id;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "images in IDX format, under the names of Fashion-MNIST's files (default: the shipped ones)")
  private Path data;

  @Option(
      names = "--share",
      paramLabel = "I/N",
      defaultValue = "1/1",
      description = "train on share I of N of the images (default: ${DEFAULT-VALUE}, all of them)")
  private String share;

  @Option(
      names = "--partition",
      defaultValue = "iid",
      description =
          "how images are divided into shares: iid, shard(N) or dirichlet(ALPHA)"
              + " (default: ${DEFAULT-VALUE})")
  private String partition;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "0b",
      description = "memory that training may take, such as 2gb (default: not said)")
  private String memory;

  @Override
  public Integer call() throws Exception {
    FederationConfig config = options.load();
    Dataset images = share(config.seed());
    ParticipantSettings settings =
        ParticipantSettings.of(config.topics(), FederationOptions.connection(config), id)
            .withMemory(MemorySize.parseBytes(memory))
            .withAgent(new ImplementationVersion().getVersion()[0]);
    ClientLog log = new ClientLog(spec.commandLine().getOut());
    try (Participant participant =
        new Participant(
            settings, LocalData.split(images, config.seed()), new TorchTrainer(), log)) {
      Runtime.getRuntime().addShutdownHook(new Thread(participant::close, "leave-federation"));
      participant.start();
      Throwable cause = log.awaitStop();
      throw new IllegalStateException(
          "client %s gave up: %s".formatted(id, cause.getMessage()), cause);
    }
  }

  private Dataset share(long seed) throws IOException {
    FashionMnist images = data == null ? FashionMnist.shipped() : FashionMnist.in(data);
    String[] parts = share.split("/", -1);
    try {
      int number = Integer.parseInt(parts[0]);
      int of = Integer.parseInt(parts[1]);
      List<int[]> shares = Partition.parse(partition).divide(images.train(), of, seed);
      return images.train().subset(shares.get(number - 1));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--share is '%s', expected I/N with I from 1 to N".formatted(share),
          e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
