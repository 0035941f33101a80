// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static anabranch.udf.testkit.UpdateBuilder.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.protocol.message.Contribution;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RoundReport;
import anabranch.udf.testkit.ControlPlane;
import org.junit.jupiter.api.Test;

class ReportedSimilarityTest {

  @Test
  void reportTellsHowSimilarTheUpdatesWere() {
    ControlPlane plane =
        ControlPlane.running(policy().cohort(3).quorum(3).similarity().build(), "a", "b", "c");
    Plan plan = plane.plan();
    plane.send(answer("c", plan).sketch(-3, 0));
    plane.send(answer("a", plan).sketch(1, 0));
    plane.send(answer("b", plan).sketch(0, 2));

    RoundReport report = plane.lastReport();
    assertThat(report.metrics().get("similarity")).isCloseTo(-1.0 / 3, within(1e-6));
    assertThat(report.contributions())
        .extracting(Contribution::clientId)
        .containsExactly("a", "b", "c");
    assertThat(report.contributions())
        .extracting(contribution -> Math.round(100 * contribution.metrics().get("similarity")))
        .containsExactly(-50L, 0L, -50L);
  }

  @Test
  void withoutTheKeyNoReportSpeaksOfIt() {
    ControlPlane plane = ControlPlane.running(policy().build(), "a", "b");
    plane.answer("a");
    plane.answer("b");

    assertThat(plane.lastReport().metrics()).doesNotContainKey("similarity");
  }
}
