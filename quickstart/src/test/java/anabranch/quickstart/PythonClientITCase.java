// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.data.FashionMnist;
import anabranch.client.data.LocalData;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.round.Participant;
import anabranch.client.round.ParticipantListener;
import anabranch.client.round.ParticipantSettings;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.ModelInitializer;
import anabranch.client.topic.RoundReportReader;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.kafka.broker.FreePort;
import anabranch.kafka.broker.LocalBroker;
import anabranch.kafka.broker.LocalBrokerSettings;
import anabranch.kafka.topics.TopicParameters;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicTable;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import anabranch.quickstart.PythonEnvironment.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts in {@code notebooks}, which share no code with the project, beside a real job. */
class PythonClientITCase {

  private static final int ROUNDS = 2;
  private static final int JAVA_CLIENTS = 2;
  private static final int JAVA_SAMPLES = 150;
  private static final int PYTHON_SAMPLES = 230;
  private static final int PATIENCE_SECONDS = 300;

  private static LocalBroker broker;

  @TempDir Path directory;

  private PythonEnvironment python;

  @BeforeAll
  static void start() throws Exception {
    broker = LocalBroker.start(LocalBrokerSettings.temporary());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  /** Before each, since of a class that is skipped as a whole no report tells why. */
  @BeforeEach
  void demandPython() throws Exception {
    python = PythonEnvironment.orSkip();
  }

  @Test
  void updateInSeveralPartsIsFoldedAndTheModelIsTheOracles() throws Exception {
    // 238,510 parameters as float32 are more than a record holds.
    FederationConfig config = config("dense", "encoding.preset=dense-f32");
    List<RoundReport> reports = play(config, Map.of("hidden", "300"));

    assertThat(reports).allSatisfy(PythonClientITCase::namesAnna);
    assertThat(oracle(config))
        .satisfies(ended -> assertThat(ended.output()).contains("2 of 2 checked rounds"))
        .extracting(Ended::exitCode)
        .isEqualTo(0);
  }

  @Test
  void sparseQuantisedUpdateIsFoldedAndTheModelIsTheOracles() throws Exception {
    FederationConfig config =
        config(
            "sparse",
            "encoding.index=smallest",
            "encoding.fraction=0.05",
            "encoding.value=affine",
            "encoding.bits=8",
            "aggregation.server-learning-rate=0.7");
    List<RoundReport> reports = play(config, Map.of());

    assertThat(reports).allSatisfy(PythonClientITCase::namesAnna);
    assertThat(oracle(config, "--server-learning-rate", "0.7"))
        .satisfies(ended -> assertThat(ended.output()).contains("2 of 2 checked rounds"))
        .extracting(Ended::exitCode)
        .isEqualTo(0);
    assertThat(oracle(config, "--server-learning-rate", "0.7000001"))
        .satisfies(ended -> assertThat(ended.output()).contains("NOT AS ANNOUNCED: block 0"))
        .extracting(Ended::exitCode)
        .isEqualTo(1);
  }

  /** The job adds coefficients and turns their mean back, which the oracle does to the last bit. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rotated   | probabilistic(2, rotated)
          projected | low-rank-projected(2)
          """)
  void updateOfCoefficientsIsFoldedAndTheModelIsTheOracles(String federation, String preset)
      throws Exception {
    FederationConfig config = config(federation, "encoding.preset=" + preset);
    List<RoundReport> reports = play(config, Map.of());

    assertThat(reports).allSatisfy(PythonClientITCase::namesAnna);
    assertThat(oracle(config))
        .satisfies(ended -> assertThat(ended.output()).contains("2 of 2 checked rounds"))
        .extracting(Ended::exitCode)
        .isEqualTo(0);
  }

  @Test
  void modelIsReadThroughItsChangesWhichLeadToWhatIsAnnounced() throws Exception {
    FederationConfig config =
        config("downlink", "encoding.preset=stc(1/20)", "downlink.preset=stc(1/20)");
    List<RoundReport> reports = play(config, Map.of());

    assertThat(reports).allSatisfy(PythonClientITCase::namesAnna);
    assertThat(oracle(config))
        .satisfies(
            ended ->
                assertThat(ended.output())
                    .contains("by their published changes", "2 of 2 checked rounds"))
        .extracting(Ended::exitCode)
        .isEqualTo(0);
  }

  @Test
  void testsInPythonPass() throws Exception {
    Ended ended = python.run("-m", "unittest", "discover");
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(0);
  }

  private static void namesAnna(RoundReport report) {
    assertThat(report.outcome()).isEqualTo(RoundOutcome.COMPLETED);
    assertThat(report.contributions())
        .hasSize(JAVA_CLIENTS + 1)
        .anySatisfy(
            contribution -> {
              assertThat(contribution.clientId()).isEqualTo("anna");
              assertThat(contribution.weight()).isEqualTo(PYTHON_SAMPLES);
              assertThat(contribution.metrics()).containsKeys("loss", "accuracy");
            });
  }

  /** Plays all rounds with clients in Java and one in Python; returns the rounds' reports. */
  private List<RoundReport> play(FederationConfig config, Map<String, String> model)
      throws Exception {
    KafkaConnection connection = new KafkaConnection(broker.bootstrapServers());
    prepare(config, connection, Architecture.named("mlp").define(model));
    Path output = directory.resolve("anna.log");
    List<Participant> participants = participants(config, connection);
    try (LocalCluster cluster = LocalCluster.start(config, FreePort.find(), 1, directory)) {
      participants.forEach(Participant::start);
      Process anna = client(config, output);
      try {
        boolean ended = anna.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        String said = Files.readString(output);
        assertThat(ended).as("the client has ended, it said: %s", said).isTrue();
        assertThat(anna.exitValue()).as(said).isEqualTo(0);
        assertThat(said)
            .contains(
                IntStream.rangeClosed(1, ROUNDS).mapToObj("round %d: FOLDED"::formatted).toList());
        assertThat(cluster.failure()).isNull();
      } finally {
        anna.destroyForcibly();
      }
    } finally {
      participants.forEach(Participant::leave);
      participants.forEach(Participant::close);
    }
    try (RoundReportReader reports = new RoundReportReader(connection, config.topics())) {
      return reports.newest(ROUNDS);
    }
  }

  private static FederationConfig config(String federation, String... more) throws Exception {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "federation=" + federation,
                "kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "checkpoint.interval=200ms",
                "round.limit=" + ROUNDS,
                "round.deadline=10min",
                "cohort.size=" + (JAVA_CLIENTS + 1),
                "cohort.min-available=" + (JAVA_CLIENTS + 1)));
    settings.addAll(List.of(more));
    return FederationConfigLoader.load(null, settings);
  }

  private static void prepare(
      FederationConfig config, KafkaConnection connection, ModelDefinition model) {
    try (TopicSetup topics = TopicSetup.connect(broker.bootstrapServers())) {
      topics.create(TopicTable.of(config.topics(), TopicParameters.singleBroker()));
    }
    new ModelInitializer(connection, config.topics())
        .publish(model.manifest(config.modelRing()), model.initialWeights(1));
  }

  private static List<Participant> participants(
      FederationConfig config, KafkaConnection connection) {
    FashionMnist images = FashionMnist.shipped();
    TorchTrainer trainer = new TorchTrainer();
    return IntStream.range(0, JAVA_CLIENTS)
        .mapToObj(
            i -> {
              int[] share = IntStream.range(i * JAVA_SAMPLES, (i + 1) * JAVA_SAMPLES).toArray();
              return new Participant(
                  ParticipantSettings.of(config.topics(), connection, "java-" + i),
                  LocalData.withoutHeldOut(images.train().subset(share)),
                  trainer,
                  ParticipantListener.NONE);
            })
        .toList();
  }

  private Process client(FederationConfig config, Path output) throws IOException {
    return python.start(
        output,
        "client.py",
        "--brokers",
        broker.bootstrapServers(),
        "--federation",
        config.federation(),
        "--id",
        "anna",
        "--samples",
        Integer.toString(PYTHON_SAMPLES),
        "--rounds",
        Integer.toString(ROUNDS));
  }

  private Ended oracle(FederationConfig config, String... more)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "oracle.py",
                "--brokers",
                broker.bootstrapServers(),
                "--federation",
                config.federation()));
    arguments.addAll(List.of(more));
    return python.run(arguments.toArray(String[]::new));
  }
}
