// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static anabranch.udf.testkit.UpdateBuilder.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RoundOutcome;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.Models;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A job that starts without state: what it loads, and what it must never do again. */
class FreshStartTest {

  private static final int SEGMENTS = Models.MANIFEST.segments().size();

  @Test
  void newestAnnouncedVersionIsLoadedWhenItIsWhole() {
    ControlPlane plane =
        ControlPlane.fresh(
            policy().build(), List.of(Models.announced(0, 9, 4), Models.announced(0, 8, 3)));
    for (int segment = 0; segment < SEGMENTS; segment++) {
      plane.receive(Models.loaded(segment, 2, 100 + segment));
      plane.receive(Models.loaded(segment, 3, 200 + segment));
      if (segment < SEGMENTS - 1) {
        plane.receive(Models.loaded(segment, 4, 300 + segment));
      }
    }
    assertThat(plane.output.orders(Order.Load.class)).isEmpty();
    assertThat(plane.output.orders(Order.Drop.class))
        .as("what no announcement names is dropped at once")
        .extracting(drop -> drop.payload().offset())
        .containsExactly(100L, 101L, 102L, 103L, 104L);

    plane.receive(Models.loaded(SEGMENTS - 1, 4, 300 + SEGMENTS - 1));

    assertThat(plane.output.orders(Order.Load.class))
        .extracting(load -> load.payload().offset())
        .containsExactly(300L, 301L, 302L, 303L, 304L);
    assertThat(plane.output.orders(Order.Drop.class)).hasSize(10);
    plane.checkIn("a");
    plane.checkIn("b");
    assertThat(plane.announcement().modelVersion()).isEqualTo(4);
    assertThat(plane.announcement().sequence()).isEqualTo(10);
    assertThat(plane.announcement().incarnation()).isEqualTo(1);
    assertThat(plane.announcement().blocks())
        .extracting(BlockVersion::version)
        .containsExactly(4L, 4L, 4L);
  }

  @Test
  void segmentThatComesAgainOrTooLateIsDropped() {
    ControlPlane plane = ControlPlane.fresh(policy().build(), List.of(Models.initial()));
    plane.receive(Models.loaded(0, 0, 50));
    plane.load(0);

    assertThat(plane.output.orders(Order.Drop.class))
        .extracting(drop -> drop.payload().offset())
        .containsExactly(0L);
    plane.receive(Models.loaded(0, 0, 51));
    assertThat(plane.output.orders(Order.Drop.class)).hasSize(2);
  }

  @Test
  void tornNewestVersionFallsBackAfterATimeout() {
    ControlPlane plane =
        ControlPlane.fresh(
            policy().build(), List.of(Models.announced(0, 9, 4), Models.announced(0, 8, 3)));
    for (int segment = 0; segment < SEGMENTS; segment++) {
      plane.receive(Models.loaded(segment, 3, 200 + segment));
    }
    plane.receive(Models.loaded(0, 4, 300));
    plane.pass(Duration.ofMillis(Coordinator.LOAD_TIMEOUT_MILLIS - 1));
    assertThat(plane.output.orders).isEmpty();

    plane.pass(Duration.ofMillis(1));

    assertThat(plane.output.orders(Order.Load.class))
        .extracting(load -> load.payload().offset())
        .containsExactly(200L, 201L, 202L, 203L, 204L);
    assertThat(plane.output.orders(Order.Drop.class))
        .extracting(drop -> drop.payload().offset())
        .containsExactly(300L);
    plane.checkIn("a");
    plane.checkIn("b");
    assertThat(plane.announcement().modelVersion()).isEqualTo(3);
    assertThat(plane.announcement().blocks())
        .extracting(BlockVersion::version)
        .containsExactly(3L, 3L, 3L);
    plane.answer("a");
    plane.answer("b");
    assertThat(plane.announcement().blocks())
        .as("4 is torn, 5 may have been given out, 7 would lie on 3")
        .extracting(BlockVersion::version)
        .containsExactly(6L, 6L, 6L);
  }

  /** What compaction has not yet taken away lies before the newest version. */
  @Test
  void longReadOfOldVersionsIsNoTornVersion() {
    ControlPlane plane = ControlPlane.fresh(policy().build(), List.of(Models.announced(0, 9, 4)));
    Duration almost = Duration.ofMillis(Coordinator.LOAD_TIMEOUT_MILLIS - 1);
    for (int old = 0; old < 3; old++) {
      plane.load(old);
      plane.pass(almost);
    }

    plane.load(4);

    assertThat(plane.output.orders(Order.Load.class)).hasSize(SEGMENTS);
  }

  @Test
  void versionWithAnotherContentThanAnnouncedIsNotWhole() {
    ControlPlane plane = ControlPlane.fresh(policy().build(), List.of(Models.announced(0, 9, 4)));
    for (int segment = 0; segment < SEGMENTS; segment++) {
      Header.Loaded right = Models.loaded(segment, 4, segment);
      plane.receive(
          segment == 2
              ? new Header.Loaded(right.id(), 2, 4, Models.digest(new float[] {1, 2, 3, 5}))
              : right);
    }

    assertThatThrownBy(() -> plane.pass(Duration.ofMinutes(2)))
        .isInstanceOf(ModelMissingException.class)
        .hasMessageContaining("5 of 5 segments of version [4, 4, 4] found")
        .hasMessageContaining("./anabranch model init");
  }

  @Test
  void planThatWasOpenIsReportedAsAbandoned() {
    ControlPlane before = ControlPlane.running(policy().build(), "a", "b");
    Plan open = before.plan();
    ControlPlane plane = startAfter(before, 0);

    assertThat(plane.lastReport().outcome()).isEqualTo(RoundOutcome.ABANDONED);
    assertThat(plane.lastReport().planId()).isEqualTo(open.planId());
    assertThat(plane.lastReport().round()).isEqualTo(1);
    assertThat(plane.announcement().receipts().outcome()).isEqualTo(RoundOutcome.ABANDONED);
    plane.checkIn("a");
    plane.checkIn("b");
    assertThat(plane.plan().round()).isEqualTo(2);
    assertThat(plane.plan().previousPlanId()).isEqualTo(open.planId());
    assertThat(plane.reports()).hasSize(1);
  }

  @Test
  void finishedFederationOpensNoPlanUntilTheLimitIsRaised() {
    assertThat(plansAfterFourRounds(4)).isEmpty();
    assertThat(plansAfterFourRounds(5)).hasSize(1);
  }

  private static List<Draft> plansAfterFourRounds(long limit) {
    ControlPlane plane =
        ControlPlane.fresh(policy().limit(limit).build(), List.of(Models.announced(0, 9, 4)));
    plane.load(4);
    plane.checkIn("a");
    plane.checkIn("b");
    return plane.output.drafts;
  }

  /** Committed offsets lag, so a job without state sees some updates a second time. */
  @Test
  void updatesThatAreConsumedASecondTimeAreLate() {
    ControlPlane before = ControlPlane.running(policy().build(), "a", "b");
    List<Plan> plans = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      plans.add(before.plan());
      before.answer("a");
      before.answer("b");
    }
    plans.add(before.plan());
    ControlPlane plane =
        ControlPlane.fresh(policy().build(), newestFirst(announcements(before).subList(2, 4)));
    plane.checkIn("a");
    plane.checkIn("b");

    plans.forEach(plan -> plane.send(answer("a", plan)));

    assertThat(plane.coordinator().state().ledger.toLedger())
        .isEqualTo(new Ledger(4, 0, 4, 0, 0, 0, 0, 0));
  }

  @Test
  void startsWithoutStateNeverGiveAVersionTwice() {
    List<Announcement> topic = new ArrayList<>(List.of(Models.initial()));
    Set<Long> given = new HashSet<>(Set.of(0L));
    long loaded = 0;
    for (int start = 0; start < 40; start++) {
      ControlPlane plane = ControlPlane.fresh(policy().build(), newestFirst(topic));
      for (int segment = 0; segment < SEGMENTS; segment++) {
        plane.receive(withDigests(topic, segment, loaded));
      }
      plane.checkIn("a");
      plane.checkIn("b");
      plane.answer("a");
      plane.answer("b");
      List<Order.Close> closes = plane.output.orders(Order.Close.class);
      long version = closes.get(0).version();

      assertThat(given.add(version)).as("version %d is new", version).isTrue();
      assertThat(version % 4).as("slot of announced version %d", loaded).isNotEqualTo(loaded % 4);
      List<Announcement> announced = announcements(plane);
      boolean diedBeforeTheVersionWasAnnounced = start % 3 != 2;
      for (Announcement announcement : announced) {
        boolean closing = announcement.blocks().get(0).version() == version;
        if (!closing || !diedBeforeTheVersionWasAnnounced) {
          topic.add(announcement);
        }
      }
      loaded = diedBeforeTheVersionWasAnnounced ? loaded : version;
    }
  }

  /** A job that starts after another, whose drafts were all announced and whose model is whole. */
  private static ControlPlane startAfter(ControlPlane before, long version) {
    ControlPlane plane = ControlPlane.fresh(policy().build(), newestFirst(announcements(before)));
    plane.load(version);
    return plane;
  }

  /** A segment whose digests agree with the announcement, which copies those of version 0. */
  private static Header.Loaded withDigests(List<Announcement> topic, int segment, long version) {
    assertThat(topic).isNotEmpty();
    Header.Loaded content = Models.loaded(segment, 0, segment);
    return new Header.Loaded(content.id(), segment, version, content.digest());
  }

  private static List<Announcement> announcements(ControlPlane plane) {
    return plane.output.drafts.stream().map(Draft::announcement).toList();
  }

  /** As many as the ring of the plans topic keeps. */
  private static List<Announcement> newestFirst(List<Announcement> announcements) {
    List<Announcement> newest = new ArrayList<>();
    for (int i = announcements.size() - 1; i >= 0 && newest.size() < Announcement.RING; i--) {
      newest.add(announcements.get(i));
    }
    return newest;
  }
}
