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

/** A Kafka broker and a Flink cluster in processes of their own, with nothing on them. */
public final class Testbed implements AutoCloseable {

  private final Path directory;
  private final LocalBrokerProcess broker;
  private final FlinkCluster cluster;

  private Testbed(Path directory, LocalBrokerProcess broker, FlinkCluster cluster) {
    this.directory = directory;
    this.broker = broker;
    this.cluster = cluster;
  }

  /** Starts the processes and returns when they are ready. */
  public static Testbed start(ClusterSettings settings) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("anabranch-bench");
    LocalBrokerProcess broker =
        LocalBrokerProcess.start(LocalBrokerSettings.keptIn(directory.resolve("broker")));
    try {
      return new Testbed(directory, broker, FlinkCluster.start(directory, settings));
    } catch (IOException | IllegalStateException | InterruptedException e) {
      broker.close();
      FileUtils.deleteDirectoryQuietly(directory.toFile());
      throw e;
    }
  }

  /**
   * A federation with version 0 of a model and no job.
   *
   * @param settings of its configuration, each of the form {@code key=value}
   */
  public BenchFederation federation(SyntheticModel model, List<String> settings)
      throws ConfigException {
    return BenchFederation.begin(broker.bootstrapServers(), model, settings);
  }

  /** Submits a federation's job and returns when it runs. */
  public RunningJob submit(BenchFederation federation, int parallelism, String stateBackend)
      throws Exception {
    return RunningJob.submit(
        cluster, federation.config(), parallelism, stateBackend, directory.resolve("checkpoints"));
  }

  /** What the TaskManager takes. */
  public ProcessUsage taskManager() {
    return cluster.taskManager();
  }

  /** Ends the cluster; the broker stays. */
  public void closeCluster() {
    cluster.close();
  }

  @Override
  public void close() {
    cluster.close();
    broker.close();
    FileUtils.deleteDirectoryQuietly(directory.toFile());
  }
}
