// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.LocalData;
import anabranch.client.data.Partition;
import anabranch.client.fleet.FleetData;
import anabranch.client.link.Bandwidth;
import anabranch.client.round.Participant;
import anabranch.client.round.ParticipantSettings;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.job.config.FederationConfig;
import java.io.IOException;
import java.nio.file.Path;
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
    sortOptions = false,
    description = {
      "Takes part in a federation with data of its own, until Ctrl-C, with which it leaves.",
      "After a crash, start it again with the same arguments: it goes on where it stood and is"
          + " counted once. While the cluster is away it tries again.",
      "It ends with 1 when the cluster refuses it or its state cannot be used, with 2 for wrong"
          + " arguments, with 130 after Ctrl-C."
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
      names = "--dataset",
      paramLabel = "NAME",
      defaultValue = "fashion-mnist",
      description = "data set: fashion-mnist or hospital (default: ${DEFAULT-VALUE})")
  private String dataset;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "folder with the data set's files (default: those that are shipped)")
  private Path data;

  @Option(
      names = "--share",
      paramLabel = "I/N",
      defaultValue = "1/1",
      converter = Share.Converter.class,
      description = "train on share I of N of the data (default: ${DEFAULT-VALUE}, all of them)")
  private Share share;

  @Option(
      names = "--partition",
      defaultValue = "iid",
      description =
          "how the data are divided into shares: "
              + Partition.NOTATIONS
              + " (default: ${DEFAULT-VALUE})")
  private String partition;

  @Option(
      names = "--held-out",
      paramLabel = "PART",
      defaultValue = "0.1",
      description =
          "part of the share that is never trained on: the received model is measured with it"
              + " (default: ${DEFAULT-VALUE})")
  private double heldOut;

  @Option(
      names = "--mask-absent-labels",
      description =
          "leaves alone what the received model knows of labels that this client has no samples of:"
              + " their logits count 0 in its loss")
  private boolean masked;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "0b",
      converter = MemoryConverter.class,
      description =
          "memory that training may take beyond what the client has when it is idle, such as 200mb:"
              + " it sits out plans that take more (default: not said)")
  private MemorySize memory;

  @Option(
      names = "--uplink",
      paramLabel = "RATE",
      converter = BandwidthConverter.class,
      description = "sends no faster, such as 1mbit a second (default: as fast as it goes)")
  private Bandwidth uplink = Bandwidth.UNLIMITED;

  @Option(
      names = "--downlink",
      paramLabel = "RATE",
      converter = BandwidthConverter.class,
      description = "receives no faster, such as 10mbit a second (default: as fast as it goes)")
  private Bandwidth downlink = Bandwidth.UNLIMITED;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "folder for what it must remember through a crash (default:"
              + " $XDG_STATE_HOME/anabranch/FEDERATION/client-ID, with ~/.local/state where that"
              + " is not set)")
  private Path state;

  @Override
  public Integer call() throws Exception {
    FederationConfig config = options.load();
    ParticipantSettings settings = settings(config);
    LocalData samples = samples(config.seed());
    String servers = config.kafka().bootstrapServers();
    ClientLog log = new ClientLog(servers, spec.commandLine().getOut());
    TorchTrainer trainer = masked ? TorchTrainer.maskingAbsentLabels() : new TorchTrainer();
    try (Participant participant = new Participant(settings, samples, trainer, log)) {
      Runtime.getRuntime().addShutdownHook(new Thread(participant::close, "leave-federation"));
      log.begin(settings);
      participant.start();
      Throwable cause = log.awaitStop();
      throw new IllegalStateException(
          "client %s gave up: %s".formatted(id, ClientLog.words(cause)), cause);
    }
  }

  private ParticipantSettings settings(FederationConfig config) {
    try {
      return ParticipantSettings.of(config.topics(), FederationOptions.connection(config), id)
          .withMemory(memory.getBytes())
          .withAgent(new ImplementationVersion().getVersion()[0])
          .withLine(uplink, downlink)
          .withState(state == null ? StateFolder.of(config.federation(), id) : state);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private LocalData samples(long seed) throws IOException {
    try {
      return new FleetData(
              DatasetCatalog.named(dataset), data, partition, share.of(), seed, heldOut)
          .share(share.number() - 1);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
