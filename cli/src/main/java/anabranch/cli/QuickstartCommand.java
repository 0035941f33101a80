// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.data.Partition;
import anabranch.client.model.Architecture;
import anabranch.quickstart.Quickstart;
import anabranch.quickstart.QuickstartSettings;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code anabranch quickstart}. */
@Command(
    name = "quickstart",
    sortOptions = false,
    description =
        "Runs a whole federation here: a Kafka broker, a Flink cluster with its web UI, the job,"
            + " and simulated clients that train on Fashion-MNIST.")
final class QuickstartCommand implements Callable<Integer> {

  @Option(names = "--clients", defaultValue = "20", description = "simulated clients (default: 20)")
  private int clients;

  @Option(names = "--cohort", defaultValue = "10", description = "clients a round (default: 10)")
  private int cohort;

  @Option(names = "--rounds", defaultValue = "40", description = "rounds (default: 40)")
  private int rounds;

  @Option(
      names = "--partition",
      defaultValue = "dirichlet(0.5)",
      description =
          "how images are divided: iid, shard(N), dirichlet(ALPHA) (default: dirichlet(0.5))")
  private String partition;

  @Option(
      names = "--model",
      defaultValue = "conv-small",
      description = "network: conv-small or mlp (default: conv-small)")
  private String model;

  @Option(names = "--epochs", defaultValue = "1", description = "local epochs (default: 1)")
  private int epochs;

  @Option(
      names = "--learning-rate",
      defaultValue = "0.05",
      description = "of the clients (default: 0.05)")
  private double learningRate;

  @Option(
      names = "--encoding",
      defaultValue = "dense-f32",
      description = "encoding preset of the updates (default: dense-f32)")
  private String encoding;

  @Option(names = "--seed", defaultValue = "1", description = "of all chance (default: 1)")
  private long seed;

  @Option(
      names = "--web-port",
      defaultValue = "8081",
      description = "Flink's web UI (default: 8081)")
  private int webPort;

  @Option(names = "--broker-port", defaultValue = "0", description = "Kafka (default: a free one)")
  private int brokerPort;

  @Option(names = "--parallelism", defaultValue = "1", description = "of the job (default: 1)")
  private int parallelism;

  @Option(names = "--keep-running", description = "keep broker and web UI when the rounds are done")
  private boolean keepRunning;

  @Override
  public Integer call() throws Exception {
    Path directory = Files.createTempDirectory("anabranch-quickstart");
    QuickstartSettings settings =
        new QuickstartSettings(
            clients,
            cohort,
            rounds,
            Partition.parse(partition),
            Architecture.named(model),
            epochs,
            learningRate,
            encoding,
            seed,
            webPort,
            brokerPort,
            parallelism,
            keepRunning,
            directory);
    PrintStream out = System.out;
    try {
      new Quickstart(settings, out).run();
    } finally {
      FileUtils.deleteDirectoryQuietly(directory.toFile());
    }
    return 0;
  }
}
