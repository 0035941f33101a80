// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Reference;
import anabranch.udf.round.RoundPolicy.Parts;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.PolicyBuilder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CohortTest {

  /** Dense float32 bytes of the test model's 17 elements. */
  private static final long WHOLE_UPDATE = 17 * 4;

  private static final List<String> TEN =
      IntStream.range(0, 10).mapToObj(i -> "client-" + i).toList();

  @Test
  void cohortIsDrawnByTheSeedAlone() {
    List<String> cohort = tenClients(policy().cohort(4).minAvailable(10).seed(7));

    assertThat(cohort).hasSize(4).isSorted().isSubsetOf(TEN);
    assertThat(tenClients(policy().cohort(4).minAvailable(10).seed(7))).isEqualTo(cohort);
    assertThat(tenClients(policy().cohort(4).minAvailable(10).seed(8))).isNotEqualTo(cohort);
  }

  @Test
  void everyClientIsDrawnAboutAsOftenAsAnother() {
    Map<String, Integer> drawn = new HashMap<>();
    for (long seed = 0; seed < 5000; seed++) {
      ClientRegistry.draw(TEN, 3, seed).forEach(client -> drawn.merge(client, 1, Integer::sum));
    }

    // 1500 expected, standard deviation 32.
    assertThat(drawn).hasSize(10);
    assertThat(drawn.values()).allSatisfy(count -> assertThat(count).isBetween(1340, 1660));
  }

  @Test
  void everyRoundDrawsAnew() {
    ControlPlane plane = ControlPlane.running(policy().cohort(2).build(), clients(10));
    Set<List<String>> cohorts = new HashSet<>();

    for (int round = 0; round < 6; round++) {
      cohorts.add(plane.plan().cohort());
      plane.plan().cohort().forEach(plane::answer);
    }

    assertThat(cohorts).hasSizeGreaterThan(3);
  }

  @ParameterizedTest
  @CsvSource({"2, 1, 2", "2, 1.5, 3", "2, 1.1, 3", "10, 1.1, 11", "3, 900, 200", "100, 1.1, 110"})
  void overSelectionDrawsMoreThanAreWanted(int size, double factor, int drawn) {
    assertThat(new CohortPolicy(size, factor, 1, 1, List.of(0L)).drawn(200)).isEqualTo(drawn);
  }

  @Test
  void planOpensWhenEnoughClientsAreThere() {
    ControlPlane plane = ControlPlane.loaded(policy().cohort(2).minAvailable(3).build());

    plane.checkIn("a");
    plane.checkIn("b");
    assertThat(plane.output.drafts).isEmpty();
    plane.checkIn("b");
    assertThat(plane.output.drafts).isEmpty();
    plane.checkIn("c");

    assertThat(plane.plan().cohort()).hasSize(2);
    assertThat(plane.plan().round()).isEqualTo(1);
  }

  @Test
  void clientsWithTooFewSamplesAreNotDrawn() {
    ControlPlane plane = ControlPlane.loaded(policy().cohort(1).minSamples(20).build());

    plane.checkIn("poor", 19);
    assertThat(plane.output.drafts).isEmpty();
    plane.checkIn("rich", 20);

    assertThat(plane.plan().cohort()).containsExactly("rich");
  }

  @Test
  void clientsThatDeclareNoMemoryCountAsHavingEnough() {
    ControlPlane plane = ControlPlane.loaded(policy().cohort(1).requiredMemory(1L << 30).build());

    plane.checkIn("silent");

    assertThat(plane.plan().cohort()).containsExactly("silent");
    assertThat(plane.plan().requiredMemoryBytes()).isEqualTo(1 << 30);
  }

  @Test
  void holdBudgetClampsTheCohortAndTheReportSaysSo() {
    ControlPlane plane =
        ControlPlane.running(
            policy().cohort(5).quorum(2).minAvailable(5).holdBudget(3 * WHOLE_UPDATE).build(),
            clients(5));

    assertThat(plane.plan().cohort()).hasSize(3);
    plane.plan().cohort().forEach(plane::answer);
    assertThat(plane.lastReport().note())
        .isEqualTo("cohort clamped from 5 to 3: hold.budget, or the size of an announcement");
    assertThat(plane.lastReport().contributions()).hasSize(3);
  }

  @Test
  void independentPartsAreNotHeldSoNothingClampsThem() {
    ControlPlane plane =
        ControlPlane.running(
            policy().cohort(5).parts(Parts.INDEPENDENT).holdBudget(WHOLE_UPDATE).build(),
            clients(5));

    assertThat(plane.plan().cohort()).hasSize(5);
  }

  @Test
  void holdBudgetBelowTheQuorumIsRefused() {
    PolicyBuilder policy = policy().cohort(3).holdBudget(3 * WHOLE_UPDATE - 1);

    assertThatThrownBy(() -> ControlPlane.loaded(policy.build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds 2 updates of stage 1 (68 bytes each), round.quorum needs 3")
        .hasMessageContaining("at least 204 bytes");
  }

  @Test
  void holdBudgetIsJudgedByTheLargestStage() {
    PolicyBuilder policy =
        policy().cohort(2).schedule(StageSchedule.Order.ROUND_ROBIN, 1).holdBudget(2 * 8 * 4 - 1);

    assertThatThrownBy(() -> ControlPlane.loaded(policy.build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stage 1 (32 bytes each)");
  }

  @Test
  void updatesWithoutPayloadBytesNeedNoBudget() {
    EncodingSettings nothing =
        new EncodingSettings("mean-only", Reference.DELTA, Index.DENSE, Value.AFFINE, 0, 1);
    ControlPlane plane =
        ControlPlane.loaded(
            policy()
                .cohort(2)
                .encoding(nothing)
                .schedule(StageSchedule.Order.SEQUENTIAL, 1)
                .build());

    assertThat(plane.output.drafts).isEmpty();
  }

  private static List<String> tenClients(PolicyBuilder policy) {
    return ControlPlane.running(policy.build(), clients(10)).plan().cohort();
  }

  private static String[] clients(int count) {
    return TEN.subList(0, count).toArray(String[]::new);
  }
}
