// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContradictionsTest {

  @Test
  void quorumIsAtMostTheCohort() {
    assertThat(Configurations.error("cohort.size=3", "round.quorum=4"))
        .isEqualTo("--set: round.quorum: 4 is more than cohort.size, 3");
  }

  @Test
  void roundsDoNotOpenWithFewerClientsThanTheQuorum() {
    assertThat(Configurations.wrongPaths("cohort.min-available=9"))
        .containsExactly("cohort.min-available");
  }

  @Test
  void deadlineIsLongerThanTheCheckpointInterval() {
    assertThat(Configurations.error("round.deadline=10s", "checkpoint.interval=10s"))
        .isEqualTo("--set: round.deadline: 10s is not longer than checkpoint.interval, 10s");
  }

  @Test
  void longestPauseIsNotShorterThanTheFirst() {
    assertThat(Configurations.error("round.retry.backoff=10min"))
        .isEqualTo("round.retry.max-backoff: 5min is shorter than round.retry.backoff, 10min");
  }

  @Test
  void keysOfAnotherScheduleAreRefused() {
    assertThat(Configurations.wrongPaths("schedule.blocks=freeze", "schedule.rounds-per-block=3"))
        .containsExactly("schedule.rounds-per-block");
    assertThat(Configurations.error("schedule.freeze.window=3"))
        .isEqualTo("--set: schedule.freeze.window: 3 has no effect: schedule.blocks is 'whole'");
  }

  @Test
  void keysOfTheOtherCurriculumAreRefused() {
    assertThat(
            Configurations.wrongPaths(
                "curriculum.kind=adaptive", "curriculum.gamma.from=0.1", "curriculum.rounds=9"))
        .containsExactly("curriculum.rounds");
    assertThat(Configurations.error("curriculum.adaptive.step=0.5"))
        .isEqualTo("--set: curriculum.adaptive.step: 0.5 has no effect: curriculum.kind is 'line'");
  }

  @Test
  void adaptiveCurriculumBeginsWithSomethingToMeasure() {
    assertThat(Configurations.error("curriculum.kind=adaptive", "curriculum.gamma.to=1"))
        .isEqualTo(
            "--set: curriculum.kind: adaptive needs curriculum.lambda.from or"
                + " curriculum.gamma.from above 0: with both at 0 clients measure nothing");
  }

  @Test
  void curriculumNeedsBatchesThatClientsCanMeasure() throws ConfigException {
    assertThat(Configurations.error("curriculum.gamma.to=1", "training.batch-size=1025"))
        .isEqualTo(
            "--set: training.batch-size: 1025 is too large for a curriculum: nHSIC takes memory"
                + " that grows with the square of the batch, so clients leave its terms out for"
                + " more than 1,024 samples");
    Configurations.with("curriculum.gamma.to=1", "training.batch-size=1024");
    Configurations.with("training.batch-size=1025");
  }

  @Test
  void curriculumThatFollowsTimeNeedsItsRounds() {
    assertThat(Configurations.wrongPaths("curriculum.time-weight=0.5"))
        .containsExactly("curriculum.rounds");
  }

  @ParameterizedTest
  @ValueSource(strings = {"transactional.id", "isolation.level", "bootstrap.servers"})
  void propertiesThatAnabranchSetsAreRefused(String property) {
    assertThat(Configurations.error("kafka.properties.%s=x".formatted(property)))
        .isEqualTo(
            "--set: kafka.properties.%s: is set by Anabranch itself; leave it out"
                .formatted(property));
  }

  @Test
  void contradictionsOfSeveralKindsAreToldTogether() {
    assertThat(
            Configurations.wrongPaths(
                "round.quorum=11", "checkpoint.interval=2min", "encoding.index=rice"))
        .isEqualTo(List.of("round.quorum", "round.deadline", "encoding.fraction"));
  }
}
