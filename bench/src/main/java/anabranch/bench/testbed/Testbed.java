// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.testbed;

import anabranch.job.config.ConfigException;
import anabranch.kafka.broker.LocalBrokerProcess;
import anabranch.kafka.broker.LocalBrokerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.util.FileUtils;

/**
 * A Kafka broker and a Flink cluster in processes of their own. Whoever measures begins with {@link
 * #freshTaskManager()}, so that nothing of what was measured before is in its heap.
 */
public final class Testbed implements AutoCloseable {

  private final Path directory;
  private final LocalBrokerProcess broker;
  private final FlinkCluster cluster;
  private int federations;
  private boolean used;

  private Testbed(Path directory, LocalBrokerProcess broker, FlinkCluster cluster) {
    this.directory = directory;
    this.broker = broker;
    this.cluster = cluster;
  }

  /** Starts the processes and returns when they are ready. */
  public static Testbed start(ClusterSettings settings) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("anabranch-bench");
    FlinkCluster cluster = null;
    LocalBrokerProcess broker = null;
    try {
      // All three start at the same time.
      cluster = FlinkCluster.launch(directory, settings);
      broker = LocalBrokerProcess.start(LocalBrokerSettings.keptIn(directory.resolve("broker")));
      cluster.awaitTaskManager();
      return new Testbed(directory, broker, cluster);
    } catch (IOException | IllegalStateException | InterruptedException e) {
      end(cluster, broker, directory);
      throw e;
    }
  }

  /** Has a TaskManager that has run nothing yet, and no other. */
  public void freshTaskManager() throws IOException, InterruptedException {
    if (used) {
      cluster.launchTaskManager();
      cluster.awaitTaskManager();
      used = false;
    }
  }

  /**
   * A federation of its own name, with version 0 of a model and no job.
   *
   * @param settings of its configuration, each of the form {@code key=value}
   */
  public BenchFederation federation(SyntheticModel model, List<String> settings)
      throws ConfigException {
    federations++;
    return BenchFederation.begin(
        "bench-" + federations, broker.bootstrapServers(), model, settings);
  }

  /** Submits a federation's job and returns when it runs. */
  public RunningJob submit(BenchFederation federation, int parallelism, String stateBackend)
      throws Exception {
    used = true;
    return RunningJob.submit(
        cluster, federation.config(), parallelism, stateBackend, directory.resolve("checkpoints"));
  }

  /** What the TaskManager takes. */
  public ProcessUsage taskManager() {
    return cluster.taskManager();
  }

  /** How the cluster is set up. */
  public ClusterSettings settings() {
    return cluster.settings();
  }

  /** Ends the TaskManager, so that the broker has the machine for itself. */
  public void endTaskManager() {
    cluster.endTaskManager();
  }

  @Override
  public void close() {
    end(cluster, broker, directory);
  }

  private static void end(FlinkCluster cluster, LocalBrokerProcess broker, Path directory) {
    if (cluster != null) {
      cluster.close();
    }
    if (broker != null) {
      broker.close();
    }
    FileUtils.deleteDirectoryQuietly(directory.toFile());
  }
}
