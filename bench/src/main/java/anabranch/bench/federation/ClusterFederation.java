// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.federation;

import anabranch.client.fleet.Fleet;
import anabranch.client.fleet.FleetClient;
import anabranch.client.fleet.FleetSettings;
import anabranch.client.link.Traffic;
import anabranch.client.model.ModelDefinition;
import anabranch.client.topic.GlobalModel;
import anabranch.client.topic.GlobalModelReader;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.LogSizes;
import anabranch.client.topic.ModelInitializer;
import anabranch.client.topic.RoundReportReader;
import anabranch.job.Main;
import anabranch.job.config.FederationConfig;
import anabranch.kafka.broker.LocalBroker;
import anabranch.kafka.topics.TopicParameters;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicTable;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/** A federation in this JVM with nothing left out: a Kafka broker, a Flink cluster, clients. */
public final class ClusterFederation {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration ANNOUNCED = Duration.ofSeconds(10);
  private static final int PARALLELISM = 2;
  private static final int NETWORK_MEBIBYTES = 64;
  private static final int STOP_SECONDS = 20;

  private final Function<String, FederationConfig> config;
  private final ModelDefinition definition;
  private final List<float[]> weights;
  private final List<FleetClient> members;

  /**
   * @param config of the federation, given the broker's address; it has a limit of rounds
   * @param definition of the model
   * @param weights of version 0, flat vectors by block index
   * @param members the clients
   */
  public ClusterFederation(
      Function<String, FederationConfig> config,
      ModelDefinition definition,
      List<float[]> weights,
      List<FleetClient> members) {
    this.config = config;
    this.definition = definition;
    this.weights = weights;
    this.members = members;
  }

  /**
   * Runs all rounds.
   *
   * @param completed is told of each that made a version
   * @throws DivergedException if a client cannot train or a record is refused
   * @throws IllegalStateException if a round fails, or a version was overwritten before it was read
   */
  public void run(Consumer<CompletedRound> completed) throws Exception {
    // In the JobManager's memory a checkpoint has room for 5 MiB a subtask.
    Path checkpoints = Files.createTempDirectory("anabranch-checkpoints");
    try (LocalBroker broker = LocalBroker.start()) {
      FederationConfig checked = config.apply(broker.bootstrapServers());
      KafkaConnection connection = new KafkaConnection(broker.bootstrapServers());
      try (TopicSetup topics = TopicSetup.connect(broker.bootstrapServers())) {
        topics.create(TopicTable.of(checked.topics(), TopicParameters.singleBroker()));
      }
      new ModelInitializer(connection, checked.topics())
          .publish(definition.manifest(checked.modelRing()), weights);
      JobClient job = submit(checked, checkpoints);
      try (RoundReportReader reports = new RoundReportReader(connection, checked.topics());
          GlobalModelReader models = GlobalModelReader.ofAllBlocks(connection, checked.topics())) {
        // It sees what is announced from its first reading on.
        models.newest(ANNOUNCED);
        Map<String, ClientTraffic> traffic = new HashMap<>();
        Fleet fleet =
            Fleet.start(
                FleetSettings.of(checked.topics(), connection),
                members,
                client -> traffic.computeIfAbsent(client, c -> new ClientTraffic()));
        try {
          new Watch(checked, connection, List.copyOf(traffic.values()), job)
              .follow(reports, models, completed);
        } finally {
          fleet.close();
        }
      } finally {
        stop(job);
      }
    } finally {
      FileUtils.deleteDirectoryQuietly(checkpoints.toFile());
    }
  }

  private static JobClient submit(FederationConfig config, Path checkpoints) throws Exception {
    Configuration settings = new Configuration();
    settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(NETWORK_MEBIBYTES));
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(1));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, settings);
    Main.define(env, config, false);
    return env.executeAsync(Main.jobName(config));
  }

  /** The running federation. */
  private record Watch(
      FederationConfig config,
      KafkaConnection connection,
      List<ClientTraffic> clients,
      JobClient job) {

    void follow(
        RoundReportReader reports, GlobalModelReader models, Consumer<CompletedRound> completed)
        throws Exception {
      long limit = config.round().limit();
      long version = 0;
      long slowestUplinkBytes = 0;
      while (version < limit) {
        clients.forEach(ClientTraffic::demandHealth);
        demandHealth(job);
        for (RoundReport report : reports.poll(POLL)) {
          demandCompleted(report);
          version = report.modelVersion();
          GlobalModel model = read(models, version);
          slowestUplinkBytes += slowestUplinkBytes(report.round());
          completed.accept(
              new CompletedRound(
                  version,
                  model.manifest(),
                  model.weights(),
                  version == limit
                      ? storedUplinkBytes()
                      : sum(report.round(), Traffic::uplinkBytes),
                  sum(report.round(), Traffic::downlinkBytes),
                  slowestUplinkBytes,
                  report));
        }
      }
    }

    private long slowestUplinkBytes(long round) {
      return clients.stream()
          .mapToLong(c -> c.until(round).uplinkBytes() - c.until(round - 1).uplinkBytes())
          .max()
          .orElseThrow();
    }

    private long sum(long round, ToLongFunction<Traffic> direction) {
      return clients.stream().mapToLong(c -> direction.applyAsLong(c.until(round))).sum();
    }

    /** Logs tell their sizes as they are now: this is all when the last round is over. */
    private long storedUplinkBytes() throws ExecutionException, InterruptedException {
      return LogSizes.of(connection, Set.of(config.topics().clients(), config.topics().updates()));
    }
  }

  private static void demandCompleted(RoundReport report) {
    if (report.ledger().rejected() > 0) {
      throw new DivergedException(
          "%d records were refused in round %d"
              .formatted(report.ledger().rejected(), report.round()));
    }
    if (report.outcome() != RoundOutcome.COMPLETED
        || report.contributions().size() != report.cohort().size()) {
      throw new IllegalStateException(
          "round %d: %s with %d of %d updates"
              .formatted(
                  report.round(),
                  report.outcome(),
                  report.contributions().size(),
                  report.cohort().size()));
    }
  }

  private static GlobalModel read(GlobalModelReader models, long version) {
    return models
        .version(version, ANNOUNCED)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "version %d was overwritten before it was read: give the machine less to do"
                        .formatted(version)));
  }

  private static void demandHealth(JobClient job) throws InterruptedException {
    if (job.getJobExecutionResult().isDone()) {
      try {
        job.getJobExecutionResult().get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("the job has failed", e.getCause());
      }
    }
  }

  private static void stop(JobClient job) throws InterruptedException {
    try {
      job.cancel();
      job.getJobExecutionResult().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // A cancelled job has no result, and one that does not end dies with this JVM.
      return;
    }
  }
}
