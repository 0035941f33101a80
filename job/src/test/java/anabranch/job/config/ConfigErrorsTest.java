// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigErrorsTest {

  @TempDir private Path directory;

  @Test
  void allErrorsAreToldAtOnceWithTheirLines() {
    Path file =
        Configurations.write(
            directory.resolve("federation.yaml"),
            """
            federation: my federation
            round:
              dead-line: 2min
              quorum: 5
            cohort:
              size: 3
            training:
              epochs: ten
            """);

    assertThatThrownBy(() -> FederationConfigLoader.load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            file
                + """
                : 5 errors
                  line 3: round.dead-line: no such key; the nearest is round.deadline
                  line 1: federation: found 'my federation', allowed is 1 to 100 characters of A-Z a-z 0-9 _ -
                  kafka.bootstrap-servers: is missing; allowed is host:port, several with commas
                  line 8: training.epochs: found 'ten', allowed is a whole number from 1 to 1000000
                  line 4: round.quorum: 5 is more than cohort.size, 3\
                """);
  }

  @ParameterizedTest
  @CsvSource({
    "round.quorom, round.quorum",
    "deadline, round.deadline",
    "cohort.deadline, round.deadline",
    "cohort.minimum-samples, cohort.min-samples",
    "Federation, federation",
    "kafka.bootstrap.servers, kafka.bootstrap-servers"
  })
  void unknownKeyIsAnsweredWithTheNearest(String path, String nearest) {
    assertThat(Configurations.error(path + "=1"))
        .isEqualTo("--set: %s: no such key; the nearest is %s".formatted(path, nearest));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "seed=1.5",
        "cohort.size=0",
        "cohort.size=",
        "cohort.size=99999999999999999999",
        "cohort.over-selection=0.9",
        "model.ring=1",
        "model.max-exponent.parameters=65",
        "round.deadline=120",
        "round.deadline=2 minutes",
        "round.deadline=0s",
        "round.deadline=99999999999999d",
        "round.parts=all",
        "round.late=COUNT",
        "hold.budget=256",
        "hold.budget=lots",
        "hold.budget=99999999999999tb",
        "aggregation.server-learning-rate=1000001",
        "training.learning-rate=NaN",
        "training.learning-rate=0",
        "training.momentum=1",
        "encoding.preset=top_k",
        "curriculum.time-weight=1.01",
        "checkpoint.dir=",
        "report.similarity=yes",
        "kafka.bootstrap-servers=localhost",
        "kafka.properties=x"
      })
  void valueThatIsNotAllowedIsShownWithWhatIs(String setting) {
    String path = setting.substring(0, setting.indexOf('='));
    String found = setting.substring(path.length() + 1);

    assertThat(Configurations.error(setting))
        .startsWith("--set: %s: found '%s', allowed is ".formatted(path, found));
  }

  @Test
  void wrongValueOfOneKeyIsNotReportedAgainForThoseThatFollowIt() {
    assertThat(Configurations.wrongPaths("cohort.size=ten")).containsExactly("cohort.size");
  }

  @Test
  void sectionIsNoValueAndValueIsNoSection() {
    assertThat(Configurations.error("round=5"))
        .isEqualTo("--set: round: found '5', expected keys below it");
    assertThat(Configurations.error("round.deadline.seconds=5"))
        .isEqualTo("--set: round.deadline.seconds: no such key; round.deadline takes one value");
  }

  @Test
  void settingWithoutEqualsSignIsRefused() {
    assertThat(Configurations.error("cohort.size"))
        .isEqualTo("--set: found 'cohort.size', allowed is key=value");
  }

  @Test
  void keyGivenTwiceIsRefusedWithBothLines() {
    assertThat(
            Configurations.fileError(
                directory.resolve("federation.yaml"),
                """
                federation: mnist
                kafka.bootstrap-servers: localhost:9092
                cohort.size: 3
                cohort:
                  size: 4
                """))
        .isEqualTo("line 5: cohort.size: given before, on line 3");
  }

  @Test
  void listIsRefused() {
    assertThat(
            Configurations.fileError(
                directory.resolve("federation.yaml"),
                """
                federation: mnist
                kafka:
                  bootstrap-servers: [a:9092, b:9092]
                """))
        .isEqualTo("line 3: kafka.bootstrap-servers: found a list, expected one value");
  }

  @Test
  void keyWithoutValueIsRefused() {
    assertThat(
            Configurations.fileError(
                directory.resolve("federation.yaml"),
                """
                federation:
                kafka.bootstrap-servers: localhost:9092
                """))
        .startsWith("line 1: federation: found nothing, allowed is ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"federation: [a", "federation: a: b", "\tfederation: a", "{}}"})
  void brokenYamlIsToldOnceWithItsLine(String yaml) {
    assertThat(Configurations.fileError(directory.resolve("federation.yaml"), yaml))
        .startsWith("line 1: no YAML: ");
  }

  @Test
  void secondDocumentIsRefused() {
    assertThat(
            Configurations.fileError(
                directory.resolve("federation.yaml"), "federation: a\n---\nfederation: b\n"))
        .isEqualTo("line 3: a second document begins; one is expected");
  }

  @Test
  void fileThatIsNoTextIsRefused() throws Exception {
    Path file = Files.write(directory.resolve("federation.yaml"), new byte[] {(byte) 0xff, 0});

    assertThatThrownBy(() -> FederationConfigLoader.load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("is not text in UTF-8");
  }
}
