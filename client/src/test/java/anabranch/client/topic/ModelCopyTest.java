// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import anabranch.client.TestFederation;
import anabranch.client.link.Bandwidth;
import anabranch.client.link.Link;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.kafka.broker.LocalBroker;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockSnapshot;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Segment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A federation whose versions travel as changes. Block 0 has 200,704 elements in two segments, so
 * 802,816 bytes whole; the test publishes what the job would.
 */
class ModelCopyTest {

  private static final ModelDefinition WIDE = Architecture.MLP.define(Map.of("hidden", "256"));
  private static final List<Integer> BLOCK = List.of(0);
  private static final long WHOLE = 802_816;

  private static LocalBroker broker;

  private final SplittableRandom random = new SplittableRandom(41);
  private final List<TestFederation> open = new ArrayList<>();
  private TestFederation federation;

  /** The values of the newest version. */
  private float[] newest;

  private BlockSnapshot snapshot;

  @BeforeAll
  static void startBroker() {
    broker = LocalBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @AfterEach
  void closeFederation() {
    open.forEach(TestFederation::close);
  }

  private void begin(String name) {
    federation = new TestFederation(broker.bootstrapServers(), name, WIDE);
    open.add(federation);
    newest = WIDE.initialWeights(1).get(0);
    snapshot = federation.last().blocks().get(0).newestWhole();
  }

  @Test
  void blockThatIsHereIsBroughtForwardByItsChangesAlone() {
    begin("forward");
    Link line = new Link(Bandwidth.UNLIMITED);
    try (ModelCopy copy = copy(line)) {
      copy.bringUpToDate(federation.last(), BLOCK);
      long whole = line.bytes();
      List<Long> costs = new ArrayList<>();
      for (int version = 1; version <= 4; version++) {
        // Version 3 is whole on the model topic too: who is up to date does not read it.
        Announcement announced = next(version, version - 1, 0.01, version == 3);
        long before = line.bytes();
        assertThat(copy.bringUpToDate(announced, BLOCK).get(0)).isEqualTo(newest);
        costs.add(line.bytes() - before);
      }

      assertThat(whole).isGreaterThan(WHOLE);
      assertThat(costs).allSatisfy(cost -> assertThat(cost).isBetween(8_000L, 12_000L));
    }
  }

  @Test
  void whoComesLateReadsTheNewestWholeVersionAndTheChangesSince() {
    begin("late");
    for (int version = 1; version <= 5; version++) {
      next(version, version - 1, 0.01, version == 3);
    }
    Link line = new Link(Bandwidth.UNLIMITED);
    try (ModelCopy late = copy(line)) {
      late.manifest(federation.last());
      long before = line.bytes();
      assertThat(late.bringUpToDate(federation.last(), BLOCK).get(0)).isEqualTo(newest);
      late.bringUpToDate(next(6, 5, 0.01, false), BLOCK);

      assertThat(line.bytes() - before).isBetween(WHOLE, WHOLE + 4 * 12_000);
    }
  }

  @Test
  void whoMissedRoundsReplaysThemWhereThatIsLess() {
    begin("missed");
    Link line = new Link(Bandwidth.UNLIMITED);
    try (ModelCopy copy = copy(line)) {
      copy.bringUpToDate(federation.last(), BLOCK);
      for (int version = 1; version <= 7; version++) {
        next(version, version - 1, 0.01, version == 3 || version == 6);
      }
      long before = line.bytes();
      assertThat(copy.bringUpToDate(federation.last(), BLOCK).get(0)).isEqualTo(newest);
      assertThat(line.bytes() - before).isBetween(7 * 8_000L, 7 * 12_000L);
    }
  }

  @Test
  void whoMissedRoundsReadsTheWholeVersionWhereThatIsLess() {
    begin("dear");
    Link line = new Link(Bandwidth.UNLIMITED);
    try (ModelCopy copy = copy(line)) {
      copy.bringUpToDate(federation.last(), BLOCK);
      for (int version = 1; version <= 12; version++) {
        next(version, version - 1, 0.9, version == 12);
      }
      long before = line.bytes();
      assertThat(copy.bringUpToDate(federation.last(), BLOCK).get(0)).isEqualTo(newest);
      assertThat(line.bytes() - before)
          .as("beside it what Kafka fetches at once; all changes take eleven times as much")
          .isLessThan(4 * WHOLE);
    }
  }

  @Test
  void whoMissedChangesThatAreGoneReadsTheWholeVersion() {
    begin("gone");
    try (ModelCopy copy = copy(new Link(Bandwidth.UNLIMITED))) {
      copy.bringUpToDate(federation.last(), BLOCK);
      withoutChange(1, 0);
      next(2, 1, 0.01, true);
      next(3, 2, 0.01, false);

      assertThat(copy.bringUpToDate(federation.last(), BLOCK).get(0)).isEqualTo(newest);
    }
  }

  /** Another block's changes go on coming while no change leads to the version that is wanted. */
  @Test
  void whoWaitsForChangesThatNeverComeIsNotKeptByThoseOfOtherBlocks() throws Exception {
    begin("busy");
    try (ModelCopy copy = copy(new Link(Bandwidth.UNLIMITED))) {
      copy.bringUpToDate(federation.last(), BLOCK);
      List<SegmentUpdate> theirs = changes(0.01);
      Announcement republished = announce(version(1, true));
      AtomicBoolean done = new AtomicBoolean();
      CompletableFuture<Boolean> stopped =
          CompletableFuture.supplyAsync(() -> publishOfAnotherBlock(theirs, done));

      assertThat(copy.bringUpToDate(republished, BLOCK).get(0)).isEqualTo(newest);

      done.set(true);
      assertThat(stopped.get()).as("the block was there while changes still came").isTrue();
    }
  }

  /**
   * Publishes changes of block 1, in the partitions that block 0 is read from, several times a
   * second until done.
   *
   * @return false if that was not within 20 seconds
   */
  private boolean publishOfAnotherBlock(List<SegmentUpdate> changes, AtomicBoolean done) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    for (int version = 1; !done.get() && System.nanoTime() < deadline; version++) {
      federation.publish(
          new BlockVersion(1, version, version, null, System.currentTimeMillis()),
          version - 1,
          changes);
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    return done.get();
  }

  /** A job that died had published version 1 without announcing it; its successor skipped it. */
  @Test
  void changesOfATimelineThatWasLostAreNoPartOfTheChain() {
    begin("timeline");
    try (ModelCopy copy = copy(new Link(Bandwidth.UNLIMITED))) {
      copy.bringUpToDate(federation.last(), BLOCK);
      float[] announced = newest;
      Announcement before = federation.last();
      next(1, 0, 0.01, false);
      newest = announced;
      federation.announce(null, null, before.blocks());
      Announcement after = next(2, 0, 0.01, false);

      assertThat(copy.bringUpToDate(after, BLOCK).get(0)).isEqualTo(newest);
    }
  }

  @Test
  void resultWithAnotherDigestIsNeverAccepted() {
    begin("forged");
    try (ModelCopy copy = copy(new Link(Bandwidth.UNLIMITED));
        ModelCopy late = copy(new Link(Bandwidth.UNLIMITED))) {
      float[] held = copy.bringUpToDate(federation.last(), BLOCK).get(0);
      Announcement first = federation.last();
      List<SegmentUpdate> changes = changes(0.01);
      float[] other = newest.clone();
      other[5]++;
      BlockVersion version = federation.withVersion(0, 1, other).get(0).withSnapshot(snapshot);
      federation.publish(version, 0, changes);
      Announcement forged = announce(version);

      for (ModelCopy each : List.of(copy, late)) {
        assertThatExceptionOfType(ModelIncompleteException.class)
            .isThrownBy(() -> each.bringUpToDate(forged, BLOCK))
            .withMessage(
                "block 'hidden1' version 1: the changes since version 0 are missing or lead"
                    + " elsewhere");
      }
      assertThat(copy.bringUpToDate(first, BLOCK).get(0)).as("what was here").isSameAs(held);
    }
  }

  /** Makes, publishes and announces a version of block 0. */
  private Announcement next(long version, long from, double share, boolean whole) {
    List<SegmentUpdate> changes = changes(share);
    BlockVersion next = version(version, whole);
    federation.publish(next, from, changes);
    return announce(next);
  }

  /** The same, but its changes are not there. */
  private void withoutChange(long version, long from) {
    changes(0.01);
    announce(version(version, false));
    assertThat(from).isLessThan(version);
  }

  private BlockVersion version(long version, boolean whole) {
    BlockVersion next = federation.withVersion(0, version, newest).get(0);
    if (whole) {
      federation.manifest.segmentsOf(0).forEach(s -> federation.publish(s, next, newest));
      snapshot = next.newestWhole();
    }
    return next.withSnapshot(snapshot);
  }

  private Announcement announce(BlockVersion version) {
    List<BlockVersion> blocks = new ArrayList<>(federation.last().blocks());
    blocks.set(0, version);
    return federation.announce(null, null, blocks);
  }

  /** Random changes, encoded; {@link #newest} becomes what they lead to. */
  private List<SegmentUpdate> changes(double share) {
    EncodingSettings topK =
        new EncodingSettings("top-k", Reference.DELTA, Index.SMALLEST, Value.F32, 32, share);
    float[] after = newest.clone();
    List<SegmentUpdate> updates = new ArrayList<>();
    DecodedSegment decoded = new DecodedSegment();
    for (Segment segment : federation.manifest.segmentsOf(0)) {
      float[] change = new float[segment.length()];
      for (int i = 0; i < change.length; i++) {
        change[i] = (float) (random.nextDouble() - 0.5);
      }
      SegmentUpdate update =
          new SegmentEncoder()
              .encode(segment.index(), change, 0, change.length, Reference.DELTA, topK, 0);
      try {
        SegmentDecoder.decode(update, change.length, SegmentDecoder.EVERY_FINITE, decoded);
      } catch (MalformedUpdateException e) {
        throw new AssertionError(e);
      }
      decoded.applyTo(Reference.DELTA, after, segment.offset());
      updates.add(update);
    }
    newest = after;
    return updates;
  }

  private ModelCopy copy(Link line) {
    return new ModelCopy(federation.connection, federation.topics, line);
  }
}
