// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.data.FashionMnist;
import anabranch.client.model.ModelDefinition;
import anabranch.client.round.ParticipantListener;
import anabranch.client.topic.GlobalModel;
import anabranch.client.topic.GlobalModelReader;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.ModelInitializer;
import anabranch.client.topic.RoundReportReader;
import anabranch.client.train.torch.TorchEvaluator;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.kafka.broker.LocalBroker;
import anabranch.kafka.broker.LocalBrokerSettings;
import anabranch.kafka.topics.TopicParameters;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicTable;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A whole federation in this JVM, with nothing left out: a Kafka broker, a Flink cluster with its
 * web UI, the job, and clients that train on real images.
 */
public final class Quickstart {

  private static final String FEDERATION = "quickstart";
  private static final int FINAL_ROUNDS = 3;
  private static final Duration POLL = Duration.ofMillis(500);

  private final QuickstartSettings settings;
  private final PrintStream out;
  private final Deque<Double> newestAccuracies = new ArrayDeque<>();
  private Ledger total = Ledger.EMPTY;

  public Quickstart(QuickstartSettings settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
  }

  /**
   * Runs the federation to its last round.
   *
   * @return mean accuracy of the last three evaluated versions on the test images, in [0, 1]
   * @throws IllegalStateException if the port of the web UI is taken, or the job fails
   * @throws InterruptedException if interrupted; everything is closed then
   */
  public double run() throws Exception {
    demandFree(settings.webPort());
    FashionMnist images = FashionMnist.shipped();
    LocalBrokerSettings brokerSettings =
        LocalBrokerSettings.keptIn(settings.directory().resolve("broker"))
            .withPort(settings.brokerPort());
    try (LocalBroker broker = LocalBroker.start(brokerSettings)) {
      out.println("broker   " + broker.bootstrapServers());
      FederationConfig config = config(broker.bootstrapServers());
      KafkaConnection connection = new KafkaConnection(broker.bootstrapServers());
      prepare(config, connection);
      try (LocalCluster cluster =
              LocalCluster.start(
                  config, settings.webPort(), settings.parallelism(), settings.directory());
          SimulatedClients clients =
              SimulatedClients.start(
                  config.topics(),
                  connection,
                  images.train(),
                  settings.partition(),
                  settings.clients(),
                  settings.seed(),
                  new TorchTrainer(),
                  new Troubles(out))) {
        out.println("web UI   " + cluster.webUi());
        out.printf(
            "clients  %d, %s, %d drawn a round%n%n",
            clients.size(), settings.partition(), settings.cohort());
        follow(config, connection, images, cluster);
        if (settings.keepRunning()) {
          out.println("still running: " + cluster.webUi() + " (Ctrl-C ends it)");
          Thread.currentThread().join();
        }
      }
    }
    return newestAccuracies.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** Flink's own message for this comes late and names no remedy. */
  private static void demandFree(int webPort) {
    try (ServerSocket probe = new ServerSocket(webPort, 1, InetAddress.getLoopbackAddress())) {
      probe.setReuseAddress(true);
    } catch (IOException e) {
      throw new IllegalStateException(
          "port %d for the web UI is taken: end what uses it, or choose another by --web-port"
              .formatted(webPort),
          e);
    }
  }

  private FederationConfig config(String bootstrapServers) throws ConfigException {
    return FederationConfigLoader.load(
        null,
        List.of(
            "federation=" + FEDERATION,
            "seed=" + settings.seed(),
            "kafka.bootstrap-servers=" + bootstrapServers,
            "round.limit=" + settings.rounds(),
            "round.deadline=1min",
            "cohort.size=" + settings.cohort(),
            // Whom the seed draws must not depend on who checked in first.
            "cohort.min-available=" + settings.clients(),
            "training.epochs=" + settings.epochs(),
            "training.learning-rate=" + settings.learningRate(),
            "encoding.preset=" + settings.encoding()));
  }

  private void prepare(FederationConfig config, KafkaConnection connection) {
    TopicParameters parameters =
        TopicParameters.singleBroker()
            .withPartitions(
                config.kafka().partitions().clients(),
                config.kafka().partitions().updates(),
                config.kafka().partitions().model());
    try (TopicSetup topics = TopicSetup.connect(connection.bootstrapServers())) {
      topics.create(TopicTable.of(config.topics(), parameters));
    }
    ModelDefinition model = settings.architecture().define(Map.of());
    new ModelInitializer(connection, config.topics())
        .publish(model.manifest(config.modelRing()), model.initialWeights(settings.seed()));
    out.printf("model    %s, %,d parameters%n", settings.architecture().label(), model.size());
  }

  private void follow(
      FederationConfig config,
      KafkaConnection connection,
      FashionMnist images,
      LocalCluster cluster)
      throws Exception {
    TorchEvaluator evaluator = new TorchEvaluator();
    out.println(RoundLine.header());
    try (RoundReportReader reports = new RoundReportReader(connection, config.topics());
        GlobalModelReader models = new GlobalModelReader(connection, config.topics())) {
      long completed = 0;
      while (completed < settings.rounds()) {
        Throwable failure = cluster.failure();
        if (failure != null) {
          throw new IllegalStateException("the job has failed: " + rootMessage(failure), failure);
        }
        for (RoundReport report : reports.poll(POLL)) {
          OptionalDouble accuracy = OptionalDouble.empty();
          if (report.outcome() == RoundOutcome.COMPLETED) {
            completed = report.modelVersion();
            accuracy = evaluate(report, models, evaluator, images);
          }
          total = report.total();
          out.println(RoundLine.of(report, accuracy));
        }
      }
    }
    out.println();
    out.println(RoundLine.ledger(total));
    out.printf(
        Locale.ROOT,
        "accuracy %.2f %% on %,d test images, mean of the last %d versions%n",
        100 * newestAccuracies.stream().mapToDouble(Double::doubleValue).average().orElse(0),
        images.test().size(),
        newestAccuracies.size());
  }

  /** Accuracy of the version that a report tells of; empty when a newer one is out already. */
  private OptionalDouble evaluate(
      RoundReport report, GlobalModelReader models, TorchEvaluator evaluator, FashionMnist images) {
    GlobalModel model = models.newest(POLL).orElseThrow();
    if (model.version() != report.modelVersion()) {
      return OptionalDouble.empty();
    }
    double accuracy =
        evaluator.evaluate(model.manifest(), model.weights(), images.test()).accuracy();
    newestAccuracies.addLast(accuracy);
    if (newestAccuracies.size() > FINAL_ROUNDS) {
      newestAccuracies.removeFirst();
    }
    return OptionalDouble.of(accuracy);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }

  /** Tells of what simulated clients meet; in one JVM that is news. */
  private record Troubles(PrintStream out) implements ParticipantListener {

    @Override
    public void troubled(RuntimeException cause) {
      out.println("a client has trouble: " + cause.getMessage());
    }

    @Override
    public void stopped(Throwable cause) {
      out.println("a client gave up: " + cause.getMessage());
    }
  }
}
