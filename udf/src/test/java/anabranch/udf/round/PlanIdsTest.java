// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static anabranch.udf.testkit.UpdateBuilder.answer;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.message.Plan;
import anabranch.udf.testkit.ControlPlane;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlanIdsTest {

  @Test
  void idDoesNotDependOnTheOrderOfArrival() {
    long[] ids =
        List.of(List.of("a", "b", "c"), List.of("c", "a", "b"), List.of("b", "c", "a")).stream()
            .mapToLong(order -> idAfter(order, 10))
            .distinct()
            .toArray();

    assertThat(ids).hasSize(1);
  }

  @Test
  void idDependsOnWhoWasAdmittedAndWithWhichWeight() {
    long all = idAfter(List.of("a", "b", "c"), 10);

    assertThat(idAfter(List.of("a", "b"), 10)).isNotEqualTo(all);
    assertThat(idAfter(List.of("a", "b", "c"), 9)).isNotEqualTo(all);
  }

  @Test
  void idDependsOnEveryLinkOfTheChain() {
    TreeMap<String, Long> nobody = new TreeMap<>();
    FederationPolicy policy = policy().build();
    long id = PlanIds.next(1, 2, 3, nobody, policy);

    assertThat(PlanIds.next(1, 2, 3, nobody, policy().build())).isEqualTo(id);
    assertThat(PlanIds.next(0, 2, 3, nobody, policy)).isNotEqualTo(id);
    assertThat(PlanIds.next(1, 1, 3, nobody, policy)).isNotEqualTo(id);
    assertThat(PlanIds.next(1, 2, 4, nobody, policy)).isNotEqualTo(id);
    assertThat(PlanIds.next(1, 2, 3, nobody, policy().seed(9).build())).isNotEqualTo(id);
    assertThat(PlanIds.next(1, 2, 3, nobody, policy().extra(Map.of("k", "v")).build()))
        .isNotEqualTo(id);
  }

  /** Unordered maps print differently in each JVM, and the id is made from the text. */
  @Test
  void configurationPrintsItsMapsInOrder() {
    Map<String, String> extra = new LinkedHashMap<>();
    List.of("h", "c", "f", "a", "g", "b", "e", "d").forEach(key -> extra.put(key, "1"));

    assertThat(policy().extra(extra).build().toString())
        .contains("{a=1, b=1, c=1, d=1, e=1, f=1, g=1, h=1}");
  }

  /** The id of the second plan, when these clients were in time for the first. */
  private static long idAfter(List<String> clients, long samples) {
    ControlPlane plane =
        ControlPlane.running(policy().cohort(3).quorum(2).minAvailable(3).build(), "a", "b", "c");
    Plan first = plane.plan();
    clients.forEach(client -> plane.send(answer(client, first).samples(samples)));
    if (clients.size() < 3) {
      plane.passDeadline();
    }
    return plane.plan().planId();
  }
}
