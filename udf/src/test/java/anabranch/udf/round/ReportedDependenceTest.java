// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static anabranch.udf.testkit.UpdateBuilder.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import anabranch.protocol.message.Plan;
import anabranch.udf.round.Curriculum.Range;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.PolicyBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What clients measure of nHSIC, in the report and in the weights of the plans that follow. */
class ReportedDependenceTest {

  /** Of the plans. */
  private static final int BATCH = policy().build().training().batchSize();

  @Test
  void reportAveragesByWeightAndSaysTheBatchSize() {
    ControlPlane plane = running(30, 10);
    answerBoth(plane, Map.of("a", nhsic(0.8, 0.2, BATCH), "b", nhsic(0.4, 0.6, BATCH)));

    assertThat(plane.lastReport().metrics())
        .containsOnly(
            entry("nhsicX", (30 * 0.8 + 10 * 0.4) / 40),
            entry("nhsicY", (30 * 0.2 + 10 * 0.6) / 40),
            entry("nhsicBatch", (double) BATCH));
  }

  @Test
  void gaugesTellWhichStageWasMeasured() {
    ControlPlane plane = running(30, 10);
    Map<String, Supplier<Number>> gauges = plane.gauges();
    assertThat(gauges.get("nhsicStage").get()).isEqualTo(0);
    answerBoth(plane, Map.of("a", nhsic(0.8, 0.2, BATCH), "b", nhsic(0.8, 0.2, BATCH)));

    assertThat(gauges.get("stage").get()).isEqualTo(2.0);
    assertThat(gauges.get("nhsicStage").get()).isEqualTo(1);
    assertThat(gauges.get("nhsicX").get()).isEqualTo(0.8);
    assertThat(gauges.get("nhsicY").get()).isEqualTo(0.2);
    assertThat(gauges.get("nhsicBatch").get()).isEqualTo((double) BATCH);
    assertThat(gauges.get("lambda").get()).isEqualTo(plane.plan().lambda());
    assertThat(gauges.get("gamma").get()).isEqualTo(plane.plan().gamma());
  }

  @Test
  void valuesOfOtherBatchSizesThanThePlansDoNotCount() {
    ControlPlane plane = running(30, 10);
    answerBoth(plane, Map.of("a", nhsic(0.9, 0.8, BATCH / 2), "b", nhsic(0.4, 0.6, BATCH)));

    assertThat(plane.lastReport().metrics())
        .containsOnly(
            entry("nhsicX", 0.4), entry("nhsicY", 0.6), entry("nhsicBatch", (double) BATCH));
  }

  @Test
  void roundWithoutAValueOfThePlansBatchSizeLeavesTheWeights() {
    ControlPlane plane = ControlPlane.running(wholeModel(0.5), "a", "b");
    answerBoth(plane, Map.of("a", nhsic(0.5, 0.5, BATCH), "b", nhsic(0.5, 0.5, BATCH)));
    double[] other = {BATCH / 2.0, BATCH / 4.0};
    answerBoth(plane, Map.of("a", nhsic(0.5, 0.5, other[0]), "b", nhsic(0.5, 0.5, other[1])));

    assertThat(plane.lastReport().metrics()).isEmpty();
    assertThat(plane.plan().lambda()).isEqualTo(1);
    answerBoth(plane, Map.of("a", nhsic(0.5, 0.5, BATCH), "b", nhsic(0.5, 0.5, BATCH)));
    assertThat(plane.plan().lambda()).isEqualTo(0.5);
  }

  @Test
  void whoSendsWhatNoDependenceCanBeMovesNothing() {
    ControlPlane plane = running(10, 10);
    answerBoth(plane, Map.of("a", nhsic(0.5, 0.25, BATCH), "b", nhsic(1e300, 0.5, BATCH)));
    assertThat(plane.lastReport().metrics())
        .contains(entry("nhsicX", 0.5), entry("nhsicY", (0.25 + 0.5) / 2));

    answerBoth(plane, Map.of("a", Map.of("loss", 1.0), "b", Map.of("nhsicX", -0.5)));

    assertThat(plane.lastReport().metrics()).containsOnlyKeys("loss");
    assertThat(plane.plan().lambda()).isEqualTo(1);
  }

  @Test
  void weightsFollowTheStageThatMeasured() {
    ControlPlane plane = running(10, 10);
    List<Plan> plans = new ArrayList<>();
    for (int round = 0; round < 9; round++) {
      Plan plan = plane.plan();
      plans.add(plan);
      // The features of stage 1 keep the same share of the input, those of the others ever more.
      double x = plan.stage() == 1 ? 0.5 : round / 10.0;
      answerBoth(plane, Map.of("a", nhsic(x, x, BATCH), "b", nhsic(x, x, BATCH)));
    }

    assertThat(plans).extracting(Plan::stage).containsExactly(1, 2, 3, 1, 2, 3, 1, 2, 3);
    assertThat(plans).extracting(Plan::lambda).startsWith(1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
    assertThat(plans).extracting(Plan::lambda).endsWith(0.5, 1.0, 1.0);
    assertThat(plans).extracting(Plan::gamma).endsWith(0.5, 0.0, 0.0);
  }

  @Test
  void orderOfArrivalAndRestartsLeaveNoTraceInTheWeights() {
    List<List<Double>> lambdas = new ArrayList<>();
    for (boolean otherWay : new boolean[] {false, true}) {
      ControlPlane plane = ControlPlane.running(adaptive(0.3).cohort(3).build(), "a", "b", "c");
      List<Double> ofRun = new ArrayList<>();
      for (int round = 0; round < 8; round++) {
        Plan plan = plane.plan();
        for (String client : otherWay ? List.of("c", "a", "b") : List.of("a", "b", "c")) {
          double x = 1.0 / (3 + client.charAt(0) % 7 + round);
          plane.send(answer(client, plan).metrics(nhsic(x, x / 3, BATCH)));
        }
        if (otherWay) {
          plane.restart(Duration.ofSeconds(1));
        }
        ofRun.add(plane.lastReport().metrics().get("nhsicX"));
        ofRun.add(plane.plan().lambda());
        ofRun.add(plane.plan().gamma());
      }
      lambdas.add(ofRun);
    }

    assertThat(lambdas.get(1)).isEqualTo(lambdas.get(0));
    assertThat(lambdas.get(0)).contains(1.0).contains(0.7);
  }

  private static ControlPlane running(long samplesOfA, long samplesOfB) {
    ControlPlane plane = ControlPlane.loaded(adaptive(0.5).build());
    plane.checkIn("a", samplesOfA);
    plane.checkIn("b", samplesOfB);
    return plane;
  }

  private static FederationPolicy wholeModel(double step) {
    return adaptive(step).schedule(StageSchedule.Order.WHOLE, 1).build();
  }

  private static PolicyBuilder adaptive(double step) {
    return policy()
        .schedule(StageSchedule.Order.ROUND_ROBIN, 1)
        .curriculum(new AdaptiveCurriculum(new Range(1, 0), new Range(0, 1), 0.01, step, 0));
  }

  private static void answerBoth(ControlPlane plane, Map<String, Map<String, Double>> metrics) {
    Plan plan = plane.plan();
    metrics.forEach(
        (client, values) ->
            plane.send(
                answer(client, plan)
                    .samples(plane.coordinator().state().registry.get(client).samples())
                    .metrics(values)));
  }

  private static Map<String, Double> nhsic(double x, double y, double batch) {
    return Map.of("nhsicX", x, "nhsicY", y, "nhsicBatch", batch);
  }
}
