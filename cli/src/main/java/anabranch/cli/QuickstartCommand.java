// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.FederatedDataset;
import anabranch.client.data.Partition;
import anabranch.client.link.Bandwidth;
import anabranch.quickstart.Quickstart;
import anabranch.quickstart.QuickstartSettings;
import anabranch.quickstart.display.Display;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code anabranch quickstart}. */
@Command(
    name = "quickstart",
    sortOptions = false,
    showDefaultValues = true,
    description = {
      "Runs a whole federation here: a Kafka broker, a Flink cluster with its web UI, the job, and"
          + " simulated clients that train on real data.",
      "Ctrl-C ends it. It ends with 1 when something is missing or fails, with 2 for wrong"
          + " arguments, with 130 after Ctrl-C."
    })
final class QuickstartCommand implements Callable<Integer> {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  @Spec private CommandSpec spec;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      defaultValue = "fashion-mnist",
      description = "fashion-mnist or hospital; what suits it is the default of what follows")
  private String dataset;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "folder with the data set's files, in place of the shipped ones")
  private Path data;

  @Option(names = "--clients", description = "simulated clients (20; hospital: 6)")
  private Integer clients;

  @Option(names = "--cohort", description = "clients a round (10; hospital: 6)")
  private Integer cohort;

  @Option(names = "--rounds", description = "rounds after which it ends (40; hospital: 20)")
  private Integer rounds;

  @Option(
      names = "--partition",
      description =
          "how samples are divided: "
              + Partition.NOTATIONS
              + " (dirichlet(0.5); hospital: natural)")
  private String partition;

  @Option(names = "--model", description = "network: as of model init (conv-small; hospital: mlp)")
  private String model;

  @Option(
      names = "--scalefl",
      description =
          "train a residual network block by block, by clients of which few have the memory for all"
              + " of it")
  private boolean scalefl;

  @Option(names = "--epochs", description = "local epochs a round (1)")
  private Integer epochs;

  @Option(names = "--learning-rate", paramLabel = "RATE", description = "of the clients (0.05)")
  private Double learningRate;

  @Option(
      names = {"--encoding", "--preset"},
      defaultValue = "dense-f32",
      description = "preset of the updates' encoding, such as dense-f16 or 'stc(1/100)'")
  private String encoding;

  @Option(
      names = "--downlink-preset",
      paramLabel = "PRESET",
      defaultValue = "none",
      description =
          "preset by which new versions travel as changes, such as 'stc(1/100)'; none publishes each"
              + " whole")
  private String downlink;

  @Option(names = "--seed", defaultValue = "1", description = "of all chance")
  private long seed;

  @Option(
      names = "--web-port",
      paramLabel = "PORT",
      defaultValue = "8081",
      description = "of Flink's web UI")
  private int webPort;

  @Option(
      names = "--broker-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "of Kafka, 0 for a free one")
  private int brokerPort;

  @Option(names = "--parallelism", defaultValue = "1", description = "of the job")
  private int parallelism;

  @Option(names = "--processes", description = "give each client a JVM of its own")
  private boolean processes;

  @Option(
      names = "--uplink",
      paramLabel = "RATE",
      description = "how fast each client sends, such as 1mbit (as fast as it goes)")
  private String uplink;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "where model.safetensors and report.html are put (default: runs/quickstart-TIME)")
  private Path output;

  @Option(
      names = "--keep-running",
      description = "keep everything up when the rounds are done, until Ctrl-C")
  private boolean keepRunning;

  @Option(
      names = "--json",
      description = "print the result as a JSON object, in the last line of standard output")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    StopSignal stop = StopSignal.interruptCurrentThread();
    Path folder = outputFolder();
    boolean foreign = Files.exists(folder);
    Path directory = temporaryFolder();
    try {
      run(settings(directory, folder));
      return 0;
    } catch (Exception e) {
      if (stop.caught()) {
        return stop.exitCode();
      }
      throw e;
    } finally {
      Thread.interrupted();
      FileUtils.deleteDirectoryQuietly(directory.toFile());
      if (!foreign) {
        deleteEmpty(folder);
      }
    }
  }

  private void run(QuickstartSettings settings) throws Exception {
    PrintStream out = System.out;
    try (Display display =
        json || !isTerminal() ? Display.plain(out) : Display.terminal(out, settings.rounds())) {
      quickstart(settings, display)
          .run(
              result -> {
                if (json) {
                  out.println(result.json());
                }
              });
    }
  }

  private Quickstart quickstart(QuickstartSettings settings, Display display) throws IOException {
    try {
      return new Quickstart(settings, display);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private QuickstartSettings settings(Path directory, Path folder) {
    try {
      DatasetCatalog chosen = DatasetCatalog.named(dataset);
      FederatedDataset.Defaults usual = chosen.defaults();
      return new QuickstartSettings(
          orElse(clients, usual.clients()),
          orElse(cohort, usual.cohort()),
          orElse(rounds, usual.rounds()),
          partition == null ? usual.partition() : Partition.parse(partition),
          chosen,
          data,
          model,
          scalefl,
          orElse(epochs, usual.training().epochs()),
          orElse(learningRate, usual.training().learningRate()),
          encoding,
          downlink,
          seed,
          webPort,
          brokerPort,
          parallelism,
          processes,
          uplink == null ? Bandwidth.UNLIMITED : Bandwidth.parse(uplink),
          keepRunning,
          directory,
          folder);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static <T> T orElse(T given, T usual) {
    return given == null ? usual : given;
  }

  private Path outputFolder() {
    return output == null
        ? Path.of("runs", "quickstart-" + TIME.format(LocalDateTime.now()))
        : output;
  }

  private static Path temporaryFolder() {
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      return Files.createTempDirectory(parent, "anabranch-quickstart");
    } catch (IOException e) {
      throw new IllegalStateException(
          ("no folder for the broker's data can be made in %s (%s): choose another place by"
                  + " ANABRANCH_JAVA_OPTS=-Djava.io.tmpdir=FOLDER")
              .formatted(parent, e.getMessage()),
          e);
    }
  }

  /** Bars need a person who looks and a terminal that can go back in a line. */
  private static boolean isTerminal() {
    return System.console() != null && !"dumb".equals(System.getenv("TERM"));
  }

  /** A run that was broken off leaves nothing to look at. */
  private static void deleteEmpty(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // It holds the model and the report.
    }
  }
}
