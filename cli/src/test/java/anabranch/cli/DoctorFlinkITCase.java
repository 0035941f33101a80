// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.kafka.broker.FreePort;
import anabranch.kafka.broker.LocalBroker;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the doctor says of Flink: a cluster with two TaskManagers of two slots that is given the
 * job's real jar by REST.
 */
class DoctorFlinkITCase {

  private static final List<String> FLINK_CHECKS =
      List.of(
          "flink",
          "slots",
          "probe job",
          "versions",
          "checkpoint folder",
          "brokers from flink",
          "nd4j",
          "flink clocks");

  @TempDir static Path directory;

  private static LocalBroker broker;
  private static MiniCluster flink;
  private static URI rest;

  @BeforeAll
  static void start() throws Exception {
    broker = LocalBroker.start();
    prepare("topics", "create");
    prepare("model", "init", "--model=mlp", "--model-setting=hidden=16");
    flink = cluster(2, true);
    rest = flink.getRestAddress().get();
  }

  private static void prepare(String... command) {
    CommandRun run =
        CommandRun.of(
            Stream.concat(Stream.of(command), Stream.of(federation())).toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @AfterAll
  static void stop() throws Exception {
    flink.closeAsync().get();
    broker.close();
  }

  @Test
  void everythingInOrderEndsWithZeroAndLeavesNothingBehind() throws Exception {
    CommandRun run = doctor(rest, "--parallelism=4");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    FLINK_CHECKS.forEach(check -> assertThat(run.line(check)).startsWith("ok"));
    assertThat(run.line("slots")).contains("4 of 4 free on 2 TaskManagers, the job needs 4");
    assertThat(run.line("probe job")).contains("ran on the JobManager and all 2 TaskManagers");
    assertThat(run.line("versions")).contains("on Java " + System.getProperty("java.version"));
    assertThat(run.line("checkpoint folder")).contains("/checkpoints, written", "MB free");
    assertThat(run.line("flink clocks")).contains("JobManager", "TaskManager ");
    assertThat(get("/jars").path("files")).isEmpty();
    awaitEmptyFolder();
  }

  @Test
  void folderThatNobodyCanWriteToFailsForEveryProcess() throws Exception {
    Path file = Files.createTempFile(directory, "no", "folder");

    CommandRun run = doctor(rest, "--set=checkpoint.dir=" + file.toUri());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.line("checkpoint folder"))
        .startsWith("FAILED")
        .contains(file.toUri() + " cannot be used (")
        .containsPattern(" by JobManager on \\S+ TaskManager \\S+ on \\S+ TaskManager ")
        .contains("storage that all machines share");
  }

  @Test
  void brokersThatFlinkDoesNotReachFail() throws Exception {
    CommandRun run =
        CommandRun.of(
            "doctor",
            "--flink=" + rest,
            "--job-jar=" + jobJar(),
            "--set=federation=demo",
            "--set=kafka.bootstrap-servers=localhost:" + FreePort.find());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.line("brokers")).startsWith("FAILED");
    assertThat(run.line("brokers from flink"))
        .startsWith("FAILED")
        .contains("no Kafka broker answers at localhost:")
        .containsPattern("from JobManager on \\S+ TaskManager \\S+ on \\S+ TaskManager ");
  }

  @Test
  void nd4jThatIsNeededAndMissingFails() throws Exception {
    CommandRun run = doctor(rest, "--set=report.similarity=true");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.line("nd4j"))
        .startsWith("FAILED")
        .contains("missing on JobManager", ", TaskManager ", "Flink's lib/");
  }

  @Test
  void tooFewSlotsFailAndTheRestIsCheckedAllTheSame() throws Exception {
    CommandRun run = doctor(rest, "--parallelism=5");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.line("slots"))
        .startsWith("FAILED")
        .contains("4 of 4 free on 2 TaskManagers, the job needs 5");
    assertThat(run.line("checkpoint folder")).startsWith("ok");
  }

  @Test
  void withoutAFreeSlotItIsSaidWhatIsNotChecked() throws Exception {
    MiniCluster empty = cluster(0, true);
    try {
      CommandRun run = doctor(empty.getRestAddress().get());

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.line("slots")).startsWith("FAILED").contains("0 of 0 free");
      assertThat(run.line("checkpoint folder"))
          .startsWith("not checked")
          .contains("no slot is free");
    } finally {
      empty.closeAsync().get();
    }
  }

  @Test
  void clusterThatTakesNoJarsSaysWhereElseToAsk() throws Exception {
    MiniCluster closed = cluster(1, false);
    try {
      CommandRun run = doctor(closed.getRestAddress().get());

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.line("probe job")).startsWith("FAILED").contains("web.submit.enable");
      assertThat(run.line("brokers from flink")).startsWith("not checked");
    } finally {
      closed.closeAsync().get();
    }
  }

  @Test
  void clusterThatIsNotThereFails() throws Exception {
    CommandRun run = doctor(URI.create("http://localhost:" + FreePort.find()));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.line("flink"))
        .startsWith("FAILED")
        .contains("nothing answers at http://localhost:", "--flink");
    assertThat(run.line("slots")).startsWith("not checked");
  }

  private static MiniCluster cluster(int taskManagers, boolean takesJars) throws Exception {
    Configuration settings = new Configuration();
    settings.set(RestOptions.BIND_PORT, "0");
    settings.set(WebOptions.SUBMIT_ENABLE, takesJars);
    settings.set(WebOptions.TMP_DIR, directory.toString());
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(16));
    settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints().toUri().toString());
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(taskManagers)
                .setNumSlotsPerTaskManager(2)
                .build());
    cluster.start();
    return cluster;
  }

  /** The JobManager takes its marker away when it puts the job aside, just after its end. */
  private static void awaitEmptyFolder() throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      try (Stream<Path> files = Files.list(checkpoints())) {
        List<Path> left = files.toList();
        if (left.isEmpty()) {
          return;
        }
        assertThat(System.nanoTime()).as("%s is still there", left).isLessThan(deadline);
      }
      Thread.sleep(50);
    }
  }

  private static Path checkpoints() {
    return directory.resolve("checkpoints");
  }

  private static CommandRun doctor(URI address, String... options) throws Exception {
    return CommandRun.of(
        Stream.of(
                Stream.of("doctor", "--flink=" + address, "--job-jar=" + jobJar()),
                Stream.of(federation()),
                Stream.of(options))
            .flatMap(words -> words)
            .toArray(String[]::new));
  }

  private static String[] federation() {
    return new String[] {
      "--set=federation=demo", "--set=kafka.bootstrap-servers=" + broker.bootstrapServers()
    };
  }

  /** As the build has just made it. */
  private static Path jobJar() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("..", "job", "target"))) {
      return files
          .filter(file -> file.toString().endsWith("-cluster.jar"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("module job is not packaged"));
    }
  }

  private static JsonNode get(String path) throws Exception {
    return new ObjectMapper().readTree(URI.create(rest + path).toURL());
  }
}
