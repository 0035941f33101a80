// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.movement.FreezeCriterion;
import anabranch.udf.round.RoundPolicy.Unused;
import anabranch.udf.round.StageSchedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FederationConfigLoaderTest {

  @TempDir private Path directory;

  @Test
  void memoryIsGivenForAllStagesOrForEach() throws Exception {
    FederationConfig config = Configurations.with("cohort.required-memory=840mb, 506mb,1gb");

    assertThat(config.cohort().requiredMemoryBytes())
        .containsExactly(840L << 20, 506L << 20, 1L << 30);
    assertThat(Configurations.error("cohort.required-memory=840mb,"))
        .contains("cohort.required-memory: ")
        .contains("or several with commas between them");
  }

  @Test
  void twoKeysAreEnoughAndTheRestHasItsDefault() throws Exception {
    FederationConfig config = Configurations.with();

    assertThat(config.topics().updates()).isEqualTo("mnist.updates");
    assertThat(config.seed()).isEqualTo(42);
    assertThat(config.modelRing()).isEqualTo(4);
    assertThat(config.bounds().parameters()).isEqualTo(16);
    assertThat(config.kafka().partitions()).isEqualTo(new KafkaConfig.Partitions(4, 4, 1, 1));
    assertThat(config.round().deadline()).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.round().late()).isEqualTo(Unused.COUNT);
    assertThat(config.rule()).isEqualTo(AggregationRule.WEIGHTED_MEAN);
    assertThat(config.encoding()).isEqualTo(EncodingSettings.DENSE_F32);
    assertThat(config.schedule())
        .isEqualTo(new StageSchedule(StageSchedule.Order.WHOLE, 1, StageSchedule.Unfit.HOLD, null));
    assertThat(config.checkpoint().interval()).isEmpty();
    assertThat(config.checkpoint().directory()).isEmpty();
    assertThat(config.reportSimilarity()).isFalse();
  }

  @Test
  void stageThatDriftsSteadilyHasNotSettledUnlessAskedFor() throws Exception {
    assertThat(Configurations.with("schedule.blocks=freeze").schedule().freeze())
        .isEqualTo(new FreezeCriterion(20, 15, 0.2, 0.7));
    assertThat(
            Configurations.with("schedule.blocks=freeze", "schedule.freeze.level=1")
                .schedule()
                .freeze())
        .isEqualTo(new FreezeCriterion(20, 15, 0.2, 1));
  }

  @Test
  void everyDefaultIsAllowed() throws Exception {
    for (EffectiveValue value : effectiveDefaults()) {
      if (value.origin().equals("default") && !value.text().equals("{}")) {
        Configurations.with(value.path() + "=" + value.text());
      }
    }
  }

  @Test
  void quorumAndAvailabilityFollowTheCohort() throws Exception {
    FederationConfig config = Configurations.with("cohort.size=3");

    assertThat(config.round().quorum()).isEqualTo(3);
    assertThat(config.cohort().minAvailable()).isEqualTo(3);
  }

  @Test
  void nestedSectionsAndDottedKeysMeanTheSame() throws Exception {
    Path file =
        Configurations.write(
            directory.resolve("federation.yaml"),
            """
            federation: mnist
            kafka.bootstrap-servers: a:9092,b:9092
            kafka:
              properties:
                security.protocol: SASL_SSL
                sasl:
                  mechanism: SCRAM-SHA-512
            round.retry:
              backoff: 1s
            training:
            """);

    FederationConfig config = FederationConfigLoader.load(file);

    assertThat(config.kafka().properties())
        .isEqualTo(Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "SCRAM-SHA-512"));
    assertThat(config.kafka().clientProperties())
        .containsEntry("bootstrap.servers", "a:9092,b:9092")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512");
    assertThat(config.round().retry().backoff()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void settingsReplaceWhatTheFileSays() throws Exception {
    Path file =
        Configurations.write(
            directory.resolve("federation.yaml"),
            """
            federation: mnist
            kafka.bootstrap-servers: localhost:9092
            cohort.size: ten
            training.extra.rank: 4
            """);

    FederationConfig config =
        FederationConfigLoader.load(
            file, List.of("cohort.size=5", "cohort.size=6", "training.extra.rank=8=x"));

    assertThat(config.cohort().size()).isEqualTo(6);
    assertThat(config.training().extra()).isEqualTo(Map.of("rank", "8=x"));
  }

  @Test
  void valuesBecomeWhatTheirUnitsSay() throws Exception {
    FederationConfig config =
        Configurations.with(
            "checkpoint.interval=500ms",
            "hold.budget=256mb",
            "cohort.required-memory=2gb",
            "round.deadline=1h",
            "model.max-exponent.buffers=-3");

    assertThat(config.checkpoint().interval()).contains(Duration.ofMillis(500));
    assertThat(config.policy(1).holdBudgetBytes()).isEqualTo(256L << 20);
    assertThat(config.cohort().requiredMemoryBytes()).containsExactly(2L << 30);
    assertThat(config.round().deadline()).isEqualTo(Duration.ofHours(1));
    assertThat(config.bounds().buffers()).isEqualTo(-3);
  }

  @Test
  void automaticHoldBudgetIsLeftToTheJob() throws Exception {
    assertThat(Configurations.with().policy(77).holdBudgetBytes()).isEqualTo(77);
  }

  @Test
  void effectiveValuesTellWhereTheyComeFrom() throws Exception {
    Path file =
        Configurations.write(
            directory.resolve("federation.yaml"),
            "federation: mnist\n\nkafka.bootstrap-servers: localhost:9092\n");

    assertThat(FederationConfigLoader.effective(file, List.of("cohort.size=3")))
        .contains(
            new EffectiveValue("kafka.bootstrap-servers", "localhost:9092", "line 3", true),
            new EffectiveValue("cohort.size", "3", "--set", true),
            new EffectiveValue("round.quorum", "3", "default", false),
            new EffectiveValue("hold.budget", "auto", "default", false));
  }

  @Test
  void effectiveAxesAreThoseOfThePreset() throws Exception {
    assertThat(
            FederationConfigLoader.effective(
                Path.of("../deploy/federation.yaml"), List.of("encoding.preset=top-k(0.1)")))
        .contains(
            new EffectiveValue("encoding.index", "smallest", "by the encoding", false),
            new EffectiveValue("encoding.value", "f32", "default", false),
            new EffectiveValue("encoding.fraction", "0.1", "by the encoding", false));
  }

  @Test
  void effectiveEntriesAreListedOneByOneAndSecretsHidden() throws Exception {
    assertThat(
            FederationConfigLoader.effective(
                Path.of("../deploy/federation.yaml"),
                List.of(
                    "kafka.properties.security.protocol=SSL",
                    "kafka.properties.ssl.keystore.password=abc")))
        .contains(
            new EffectiveValue("kafka.properties.security.protocol", "SSL", "--set", true),
            new EffectiveValue("kafka.properties.ssl.keystore.password", "(hidden)", "--set", true),
            new EffectiveValue("training.extra", "{}", "default", false));
  }

  @Test
  void shippedExampleIsSound() throws Exception {
    FederationConfig config = FederationConfigLoader.load(Path.of("../deploy/federation.yaml"));

    assertThat(config.federation()).isEqualTo("fashion");
    assertThat(config.round().quorum()).isEqualTo(2);
  }

  @Test
  void missingFileIsNamed() {
    Path file = directory.resolve("nowhere.yaml");

    assertThatThrownBy(() -> FederationConfigLoader.load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("nowhere.yaml: 1 error")
        .hasMessageContaining("there is no such file");
  }

  private static List<EffectiveValue> effectiveDefaults() throws ConfigException {
    return FederationConfigLoader.effective(
        null, List.of("federation=mnist", "kafka.bootstrap-servers=localhost:9092"));
  }
}
