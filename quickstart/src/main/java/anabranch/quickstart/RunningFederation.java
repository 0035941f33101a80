// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.fleet.Fleet;
import anabranch.client.fleet.FleetData;
import anabranch.client.fleet.FleetSettings;
import anabranch.client.link.Bandwidth;
import anabranch.client.model.ModelDefinition;
import anabranch.client.round.ParticipantListener;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.ModelInitializer;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.kafka.broker.LocalBroker;
import anabranch.kafka.broker.LocalBrokerSettings;
import anabranch.kafka.topics.TopicParameters;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicTable;
import anabranch.quickstart.display.Display;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Broker, topics, model, cluster, job and clients, as far as they have been started. */
final class RunningFederation implements AutoCloseable {

  /** Enough for the largest network that is shipped, mcmahan-cnn; resident are then 410 MB. */
  private static final int MEMBER_HEAP_MIB = 256;

  private static final int WARM_UP_ENDS_SECONDS = 10;

  private final QuickstartSettings settings;
  private final Workload workload;
  private final Display display;
  private final ExecutorService background =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "quickstart-warm-up");
            thread.setDaemon(true);
            return thread;
          });
  private LocalBroker broker;
  private FederationConfig config;
  private KafkaConnection connection;
  private LocalCluster cluster;
  private Fleet clients;

  RunningFederation(QuickstartSettings settings, Workload workload, Display display) {
    this.settings = settings;
    this.workload = workload;
    this.display = display;
  }

  /**
   * Starts everything. PyTorch is loaded beside broker and cluster. Whatever happens, {@link
   * #close} ends what was started.
   */
  void start() throws Exception {
    Future<?> warm =
        background.submit(
            () -> {
              WarmUp.run(workload);
              return null;
            });
    startBroker();
    publish();
    startCluster();
    display.starting("PyTorch");
    await(warm);
    startClients();
  }

  private void startBroker() throws ConfigException {
    display.starting("the Kafka broker");
    broker =
        LocalBroker.start(
            LocalBrokerSettings.keptIn(settings.directory().resolve("broker"))
                .withPort(settings.brokerPort()));
    connection = new KafkaConnection(broker.bootstrapServers());
    config = QuickstartConfig.of(settings, workload.blockwise(), broker.bootstrapServers());
    display.line("broker   " + broker.bootstrapServers());
  }

  private void publish() {
    ModelDefinition model = workload.model();
    display.starting("the federation: topics and model");
    TopicParameters parameters =
        TopicParameters.singleBroker()
            .withPartitions(
                config.kafka().partitions().clients(),
                config.kafka().partitions().updates(),
                config.kafka().partitions().model(),
                config.kafka().partitions().deltas())
            .withDeltasRetention(config.downlink().retention());
    try (TopicSetup topics = TopicSetup.connect(connection.bootstrapServers())) {
      topics.create(TopicTable.of(config.topics(), parameters));
    }
    new ModelInitializer(connection, config.topics())
        .publish(model.manifest(config.modelRing()), model.initialWeights(settings.seed()));
    display.line("model    %s, %,d parameters".formatted(model.architecture(), model.size()));
  }

  private void startCluster() throws Exception {
    display.starting("the Flink cluster");
    cluster =
        LocalCluster.start(
            config, settings.webPort(), settings.parallelism(), settings.directory());
    display.line("web UI   " + cluster.webUi());
  }

  private void startClients() {
    display.starting("the clients");
    FleetSettings fleet =
        FleetSettings.of(config.topics(), connection)
            .withLine(settings.uplink(), Bandwidth.UNLIMITED);
    ParticipantListener troubles = new Troubles(display);
    clients =
        settings.processes()
            ? Fleet.startProcesses(
                fleet, fleetData(), workload.memoryBytes(), MEMBER_HEAP_MIB, client -> troubles)
            : Fleet.start(fleet, workload.clients(new TorchTrainer()), client -> troubles);
    display.line(
        "clients  %d%s, %s, %d drawn a round, encoding %s%s"
            .formatted(
                clients.size(),
                settings.processes() ? " in processes of their own" : "",
                settings.partition(),
                settings.cohort(),
                settings.encoding(),
                config
                    .downlink()
                    .encoding()
                    .map(changes -> ", changes of versions " + settings.downlink())
                    .orElse("")));
  }

  private FleetData fleetData() {
    return new FleetData(
        settings.dataset(),
        settings.data(),
        settings.partition().toString(),
        settings.clients(),
        settings.seed(),
        Workload.HELD_OUT);
  }

  private static <T> T await(Future<T> result) throws Exception {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  FederationConfig config() {
    return config;
  }

  KafkaConnection connection() {
    return connection;
  }

  /** What clients have read so far, all together. */
  long downlinkBytes() {
    return clients.traffic().downlinkBytes();
  }

  String webUi() {
    return cluster.webUi();
  }

  /**
   * @throws IllegalStateException if the job has failed
   */
  void demandHealth() throws InterruptedException {
    Throwable failure = cluster.failure();
    if (failure != null) {
      throw new IllegalStateException("the job has failed: " + rootMessage(failure), failure);
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }

  /** Lets the clients leave, cancels the job and stops the broker, as far as they are there. */
  @Override
  public void close() {
    // What brought us here may have been an interrupt, which would cut short every good-bye.
    boolean interrupted = Thread.interrupted();
    background.shutdownNow();
    if (clients != null) {
      clients.close();
    }
    if (cluster != null) {
      cluster.close();
    }
    if (broker != null) {
      broker.close();
    }
    try {
      // PyTorch must not be loading while the JVM ends.
      background.awaitTermination(WARM_UP_ENDS_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells of what simulated clients meet; in one JVM that is news. */
  private record Troubles(Display display) implements ParticipantListener {

    @Override
    public void troubled(RuntimeException cause) {
      display.line("a client has trouble: " + cause.getMessage());
    }

    @Override
    public void stopped(Throwable cause) {
      display.line("a client gave up: " + cause.getMessage());
    }
  }
}
