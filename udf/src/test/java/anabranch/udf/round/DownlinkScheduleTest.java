// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockSnapshot;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.RoundOutcome;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Order;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.PolicyBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a version is published whole, and when only its change. */
class DownlinkScheduleTest {

  private static final EncodingSettings TOP_K =
      new EncodingSettings("top-k", Reference.DELTA, Index.SMALLEST, Value.F32, 32, 0.25);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final int RING = Models.MANIFEST.ring();

  @Test
  void everyThirdVersionIsWholeAndNoneTakesTheSlotOfTheNewestWholeOne() {
    ControlPlane plane = ControlPlane.running(changes(3).build(), "a", "b");
    int sinceWhole = 0;
    for (int round = 1; round <= 30; round++) {
      BlockVersion before = plane.announcement().blocks().get(1);
      plane.answer("a");
      plane.answer("b");
      BlockVersion after = plane.announcement().blocks().get(1);
      sinceWhole = sinceWhole == 3 ? 1 : sinceWhole + 1;

      assertThat(after.version()).isGreaterThan(before.version());
      assertThat(after.version() % RING).isNotEqualTo(before.newestWhole().version() % RING);
      assertThat(after.isWhole()).as("round %d", round).isEqualTo(sinceWhole == 3);
      assertThat(after.snapshot())
          .isEqualTo(
              sinceWhole == 3
                  ? new BlockSnapshot(after.version(), after.publishedAt())
                  : before.newestWhole());
      assertThat(newest(plane, Order.Close.class).downlink())
          .isEqualTo(new Order.Downlink(TOP_K, before.version(), sinceWhole == 3));
    }
    assertThat(plane.output.orders(Order.Republish.class)).isEmpty();
  }

  @Test
  void noVersionIsOlderThanTheOneBeforeItThoughTheJobMovesToAHostWhoseClockIsBehind() {
    ControlPlane plane = ControlPlane.running(changes(3).build(), "a", "b");
    plane.answer("a");
    plane.answer("b");
    BlockVersion before = plane.announcement().blocks().get(1);
    plane.restart(Duration.ofMinutes(-2));
    plane.answer("a");
    plane.answer("b");

    Order.Close close = newest(plane, Order.Close.class);
    assertThat(plane.now()).isLessThan(before.publishedAt());
    assertThat(close.timestamp()).isEqualTo(before.publishedAt());
    assertThat(plane.announcement().blocks().get(1).publishedAt()).isEqualTo(before.publishedAt());
  }

  @Test
  void withoutItEveryVersionIsWholeAndAnnouncedAsEver() {
    ControlPlane plane = ControlPlane.running(policy().build(), "a", "b");
    plane.answer("a");
    plane.answer("b");

    assertThat(plane.announcement().blocks())
        .allSatisfy(block -> assertThat(block.snapshot()).isNull());
    assertThat(newest(plane, Order.Close.class).downlink()).isNull();
  }

  @Test
  void lastRoundLeavesEveryBlockWholeThoseThatItDidNotTrainToo() {
    ControlPlane plane =
        ControlPlane.running(
            changes(10).schedule(StageSchedule.Order.ROUND_ROBIN, 1).limit(4).build(), "a", "b");
    for (int round = 1; round <= 4; round++) {
      assertThat(plane.output.orders(Order.Republish.class)).isEmpty();
      plane.answer("a");
      plane.answer("b");
    }

    Draft last = plane.output.drafts.get(plane.output.drafts.size() - 1);
    assertThat(last.announcement().state()).isEqualTo(Announcement.State.FINISHED);
    assertThat(last.announcement().blocks()).allMatch(BlockVersion::isWhole);
    assertThat(last.awaited()).containsExactly(0, 1, 2);
    assertThat(plane.output.orders(Order.Republish.class))
        .extracting(Order.Republish::segment)
        .as("blocks 1 and 2; the fourth round trained block 0")
        .containsExactly(2, 3, 4);
  }

  @Test
  void wholeVersionIsRenewedBeforeTheChangesSinceAreGone() {
    ControlPlane plane = ControlPlane.running(changes(10).build(), "a", "b");
    plane.answer("a");
    plane.answer("b");
    List<BlockVersion> before = plane.announcement().blocks();
    plane.leave("a");
    plane.leave("b");

    plane.pass(WEEK.dividedBy(2).minusHours(1));
    assertThat(plane.output.orders(Order.Republish.class)).isEmpty();
    plane.pass(Duration.ofHours(2));

    assertThat(plane.output.orders(Order.Republish.class))
        .hasSize(5)
        .allSatisfy(again -> assertThat(again.version()).isEqualTo(before.get(0).version()));
    assertThat(plane.announcement().blocks())
        .allMatch(BlockVersion::isWhole)
        .extracting(BlockVersion::version)
        .isEqualTo(before.stream().map(BlockVersion::version).toList());
    plane.pass(WEEK);
    assertThat(plane.output.orders(Order.Republish.class)).as("once is enough").hasSize(5);
  }

  @Test
  void longOutageHasEveryBlockPublishedWhole() {
    ControlPlane plane = ControlPlane.running(changes(10).build(), "a", "b");
    plane.answer("a");
    plane.answer("b");

    plane.restart(Duration.ofMinutes(6));

    assertThat(plane.announcement().blocks()).allMatch(BlockVersion::isWhole);
    assertThat(plane.output.orders(Order.Republish.class)).hasSize(5);
  }

  @Test
  void whoSwitchesChangesOffHasEveryBlockPublishedWholeAtOnce() {
    ControlPlane plane = ControlPlane.running(changes(10).build(), "a", "b");
    plane.answer("a");
    plane.answer("b");
    ControlPlane without = plane.twin(policy().build());

    without.pass(Duration.ofMillis(1));

    assertThat(without.output.orders(Order.Republish.class)).hasSize(5);
    assertThat(without.announcement().blocks())
        .allSatisfy(block -> assertThat(block.snapshot()).isNull());
  }

  @Test
  void jobWithoutStateRebuildsTheNewestVersionAndHasItPublishedWhole() {
    ControlPlane plane = ControlPlane.fresh(changes(10).build(), List.of(announced()));
    load(plane, 2);
    change(plane, 4, 3);
    assertThat(plane.output.orders).isEmpty();
    change(plane, 3, 2);

    assertThat(plane.output.orders(Order.Load.class))
        .hasSize(5)
        .allSatisfy(load -> assertThat(load.version()).isEqualTo(2));
    assertThat(plane.output.orders.stream().filter(order -> order.segment() == 4))
        .extracting(order -> order.getClass().getSimpleName())
        .containsExactly("Load", "Apply", "Apply", "Republish");
    assertThat(plane.output.orders(Order.Apply.class))
        .filteredOn(apply -> apply.segment() == 4)
        .extracting(Order.Apply::version)
        .containsExactly(3L, 4L);
    Draft draft = plane.output.drafts.get(0);
    assertThat(draft.awaited()).containsExactly(0, 1, 2);
    assertThat(draft.rebuilt()).containsExactly(0, 1, 2);
    assertThat(draft.announcement().blocks())
        .extracting(BlockVersion::version, BlockVersion::digest, BlockVersion::isWhole)
        .isEqualTo(
            announced().blocks().stream().map(block -> tuple(4L, block.digest(), true)).toList());
  }

  /** A client that sees a later announcement without them takes its update for lost. */
  @Test
  void firstAnnouncementOfAJobWithoutStateHasTheReceiptsOfThePlanThatWasOpen() {
    ControlPlane before = ControlPlane.running(changes(10).build(), "a", "b");
    before.answer("a");
    before.answer("b");
    Announcement head = before.announcement();
    assertThat(head.blocks()).noneMatch(BlockVersion::isWhole);

    ControlPlane plane = ControlPlane.fresh(changes(10).build(), List.of(head));
    load(plane, 0);
    change(plane, 1, 0);

    Draft first = plane.output.drafts.get(0);
    assertThat(first.awaited()).containsExactly(0, 1, 2);
    assertThat(first.announcement().receipts().planId()).isEqualTo(head.plan().planId());
    assertThat(first.announcement().receipts().outcome()).isEqualTo(RoundOutcome.ABANDONED);
    assertThat(first.report().planId()).isEqualTo(head.plan().planId());
    assertThat(plane.reports()).hasSize(1);
  }

  @Test
  void stateThatIsCutWhileItLoadsGoesOn() {
    ControlPlane plane = ControlPlane.fresh(changes(10).build(), List.of(announced()));
    change(plane, 3, 2);
    load(plane, 2);
    plane.restart(Duration.ofSeconds(1));
    change(plane, 4, 3);

    assertThat(plane.output.orders(Order.Apply.class)).hasSize(10);
  }

  @Test
  void announcedVersionThatLiesWholeOnTheTopicNeedsNoChanges() {
    ControlPlane plane = ControlPlane.fresh(changes(10).build(), List.of(announced()));
    change(plane, 3, 2);
    load(plane, 2);
    load(plane, 4);

    assertThat(plane.output.orders(Order.Load.class))
        .hasSize(5)
        .allSatisfy(load -> assertThat(load.version()).isEqualTo(4));
    assertThat(plane.output.orders(Order.Apply.class)).isEmpty();
    assertThat(plane.output.orders(Order.Drop.class)).hasSize(10);
    assertThat(plane.output.orders(Order.Republish.class)).isEmpty();
  }

  /** A job that was away for longer than changes are kept, and has lost its state too. */
  @Test
  void whereChangesAreLostTheWholeVersionBeforeGoesOnUnderANewNumber() {
    ControlPlane plane = ControlPlane.fresh(changes(10).build(), List.of(announced()));
    load(plane, 2);
    change(plane, 4, 3);
    plane.pass(Duration.ofMillis(Coordinator.LOAD_TIMEOUT_MILLIS));

    assertThat(plane.output.orders(Order.Load.class))
        .hasSize(5)
        .allSatisfy(load -> assertThat(load.version()).isEqualTo(2));
    assertThat(plane.output.orders(Order.Apply.class)).isEmpty();
    assertThat(plane.output.orders(Order.Drop.class)).hasSize(5);
    assertThat(plane.output.drafts.get(0).rebuilt()).isEmpty();
    assertThat(plane.announcement().blocks())
        .allMatch(BlockVersion::isWhole)
        .allSatisfy(
            block ->
                assertThat(block.version())
                    .as("5 may have been given out, 6 would lie on 2")
                    .isEqualTo(7));
  }

  /** Version 4, of which version 2 is the newest whole one. */
  private static Announcement announced() {
    Announcement whole = Models.announced(0, 9, 4);
    return whole.withBlocks(
        whole.blocks().stream().map(block -> block.withSnapshot(new BlockSnapshot(2, 0))).toList());
  }

  private static void load(ControlPlane plane, long version) {
    for (int segment = 0; segment < Models.MANIFEST.segments().size(); segment++) {
      plane.receive(Models.loaded(segment, version, 10 * version + segment));
    }
  }

  private static void change(ControlPlane plane, long version, long fromVersion) {
    for (int segment = 0; segment < Models.MANIFEST.segments().size(); segment++) {
      plane.receive(Models.loadedDelta(segment, version, fromVersion));
    }
  }

  private static PolicyBuilder changes(int snapshotEvery) {
    return policy().downlink(new DownlinkPolicy(TOP_K, snapshotEvery, WEEK));
  }

  private static <T extends Order> T newest(ControlPlane plane, Class<T> kind) {
    List<T> orders = new ArrayList<>(plane.output.orders(kind));
    return orders.get(orders.size() - 1);
  }
}
