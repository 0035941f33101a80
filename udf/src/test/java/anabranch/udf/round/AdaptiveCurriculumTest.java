// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.udf.round.Curriculum.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class AdaptiveCurriculumTest {

  private static final int BATCH = 32;

  /**
   * A rise of a hundredth counts, four saturated rounds reach the end, the mean is the last value.
   */
  private static final AdaptiveCurriculum CURRICULUM =
      new AdaptiveCurriculum(new Range(1, 0.2), new Range(0, 2), 0.01, 0.25, 0);

  @Test
  void stageBeginsAtTheBeginningOfBothRanges() {
    assertThat(CURRICULUM.weights(3, 4, 500, StageDependence.NONE))
        .isEqualTo(new Curriculum.Weights(1, 0));
  }

  @Test
  void lambdaStaysWhileTheInputIsStillLearnedAndFallsToItsEndOnceItIs() {
    assertThat(lambdas(0.1, 0.2, 0.3, 0.4)).containsExactly(1.0, 1.0, 1.0, 1.0);
    assertThat(lambdas(0.4, 0.4, 0.405, 0.3, 0.31, 0.31, 0.31))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1)
        .containsExactly(1.0, 0.8, 0.6, 0.4, 0.4, 0.2, 0.2);
  }

  @Test
  void gammaRisesWhenTheLabelsStallWhateverTheInputDoes() {
    StageDependence observed = StageDependence.NONE;
    observed = CURRICULUM.observe(observed, nhsic(0.1, 0.5), BATCH);
    observed = CURRICULUM.observe(observed, nhsic(0.2, 0.5), BATCH);
    observed = CURRICULUM.observe(observed, nhsic(0.3, 0.5), BATCH);

    assertThat(CURRICULUM.weights(1, 4, 3, observed)).isEqualTo(new Curriculum.Weights(1, 1));
  }

  @Test
  void bothWeightsAtNoughtMoveOnThoughNobodyMeasures() {
    AdaptiveCurriculum crossing =
        new AdaptiveCurriculum(new Range(1, 0), new Range(0, 1), 0.01, 1, 0);
    StageDependence observed = StageDependence.NONE;
    observed = crossing.observe(observed, nhsic(0.5, 0.1), BATCH);
    observed = crossing.observe(observed, nhsic(0.5, 0.3), BATCH);
    assertThat(crossing.weights(1, 4, 2, observed)).isEqualTo(new Curriculum.Weights(0, 0));

    observed = crossing.observe(observed, Nhsic.NONE, BATCH);

    assertThat(crossing.weights(1, 4, 3, observed)).isEqualTo(new Curriculum.Weights(0, 1));
  }

  @Test
  void positionNeverGoesBack() {
    List<Double> lambdas = lambdas(0.5, 0.4, 0.3, 0.9, 0.95);

    assertThat(lambdas).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(lambdas.get(4)).isCloseTo(0.6, within(1e-12));
  }

  @Test
  void meanOfManyRoundsOutlivesOneNoisyRound() {
    AdaptiveCurriculum slow =
        new AdaptiveCurriculum(new Range(1, 0), new Range(0, 0), 0.05, 0.25, 0.5);
    StageDependence observed = StageDependence.NONE;
    for (double x : new double[] {0.2, 0.4, 0.3}) {
      observed = slow.observe(observed, nhsic(x, 0), BATCH);
    }

    // 0.3 is below the round before, but where the mean was: 0.2, 0.3.
    assertThat(observed.x().mean()).isCloseTo(0.3, within(1e-12));
    assertThat(observed.x().position()).isEqualTo(0.25);
    observed = slow.observe(observed, nhsic(0.36, 0), BATCH);
    assertThat(observed.x().position()).as("still rising").isEqualTo(0.25);
  }

  @Test
  void valuesOfAnotherBatchSizeAreNotComparedAndThePositionStays() {
    StageDependence observed = StageDependence.NONE;
    observed = CURRICULUM.observe(observed, nhsic(0.9, 0.9), BATCH);
    observed = CURRICULUM.observe(observed, nhsic(0.9, 0.9), BATCH);
    assertThat(observed.x().position()).isEqualTo(0.25);

    observed = CURRICULUM.observe(observed, nhsic(0.2, 0.2), 128);

    assertThat(observed.x()).isEqualTo(new StageDependence.Course(0.2, 128, 0.25));
    assertThat(observed.y()).isEqualTo(new StageDependence.Course(0.2, 128, 0.25));
  }

  @Test
  void roundInWhichNobodyCouldMeasureChangesNothing() {
    StageDependence observed = CURRICULUM.observe(StageDependence.NONE, nhsic(0.5, 0.5), BATCH);

    StageDependence after =
        CURRICULUM.observe(
            observed,
            new Nhsic(OptionalDouble.of(0.5), OptionalDouble.empty(), OptionalDouble.of(BATCH)),
            BATCH);

    assertThat(after.y()).isEqualTo(observed.y());
    assertThat(after.x().position()).isEqualTo(0.25);
    assertThat(CURRICULUM.observe(after, Nhsic.NONE, 128)).isEqualTo(after);
  }

  private static Nhsic nhsic(double x, double y) {
    return new Nhsic(OptionalDouble.of(x), OptionalDouble.of(y), OptionalDouble.of(BATCH));
  }

  /** λ after each round with such values of nHSIC(X; Z). */
  private static List<Double> lambdas(double... values) {
    List<Double> lambdas = new ArrayList<>();
    StageDependence observed = StageDependence.NONE;
    for (double x : values) {
      observed = CURRICULUM.observe(observed, nhsic(x, 0), BATCH);
      lambdas.add(CURRICULUM.weights(1, 4, lambdas.size(), observed).lambda());
    }
    return lambdas;
  }
}
