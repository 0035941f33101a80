// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.message.StageDecision;
import anabranch.protocol.message.StageMovement;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Publication;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.type.DigestSerializer;
import anabranch.udf.message.type.DraftSerializer;
import anabranch.udf.message.type.SealedSerializer;
import anabranch.udf.message.type.StageCourseSerializer;
import anabranch.udf.movement.FreezeCriterion;
import anabranch.udf.movement.Movement;
import anabranch.udf.movement.StageCourse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Announces a version once every segment of it has left its aggregator: fills the digests into the
 * draft and emits announcement, round report and what follows for the stage together. Drafts leave
 * in their sequence. Because checkpoint barriers are aligned, an announcement is in the same Kafka
 * transaction as its segments or in a later one.
 */
public final class SealFunction
    extends KeyedCoProcessFunction<Integer, Draft, Sealed, Publication> {

  private final ModelManifest manifest;
  private final FreezeCriterion freeze;

  /** By sequence; an entry is removed when it is announced. */
  private transient MapState<Long, Draft> drafts;

  /** By sequence and segment, see {@link #slot}; an entry is removed when it is announced. */
  private transient MapState<Long, Sealed> sealed;

  /** Number of entries in {@link #sealed} by sequence, removed with them. */
  private transient MapState<Long, Integer> sealedCounts;

  /** Digest of each block's newest version; never cleared. */
  private transient MapState<Integer, Digest> digests;

  /** How the stage has gone that is trained; cleared when no stage ends by its movement. */
  private transient ValueState<StageCourse> course;

  /** What {@link #first} found, so that not every sealed segment reads all drafts anew. */
  private transient Draft first;

  /**
   * @param freeze when a stage has settled, or null if none ends by its movement
   */
  public SealFunction(ModelManifest manifest, FreezeCriterion freeze) {
    this.manifest = manifest;
    this.freeze = freeze;
  }

  @Override
  public void open(OpenContext context) {
    drafts =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "drafts", LongSerializer.INSTANCE, DraftSerializer.INSTANCE));
    sealed =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "sealed", LongSerializer.INSTANCE, SealedSerializer.INSTANCE));
    sealedCounts =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "sealedCounts", LongSerializer.INSTANCE, IntSerializer.INSTANCE));
    digests =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "digests", IntSerializer.INSTANCE, DigestSerializer.INSTANCE));
    course =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("course", StageCourseSerializer.INSTANCE));
  }

  @Override
  public void processElement1(Draft draft, Context context, Collector<Publication> out)
      throws Exception {
    drafts.put(draft.announcement().sequence(), draft);
    announceWhatIsReady(context, out);
  }

  @Override
  public void processElement2(Sealed segment, Context context, Collector<Publication> out)
      throws Exception {
    sealed.put(slot(segment.sequence(), segment.segment()), segment);
    sealedCounts.put(segment.sequence(), count(segment.sequence()) + 1);
    announceWhatIsReady(context, out);
  }

  private int count(long sequence) throws Exception {
    Integer count = sealedCounts.get(sequence);
    return count == null ? 0 : count;
  }

  /** Segments need not keep step: one may be out with the next version before another with this. */
  private long slot(long sequence, int segment) {
    return sequence * manifest.segments().size() + segment;
  }

  private void announceWhatIsReady(Context context, Collector<Publication> out) throws Exception {
    Draft draft = first();
    while (draft != null && count(draft.announcement().sequence()) == segmentsOf(draft.awaited())) {
      announce(draft, context.timerService().currentProcessingTime(), out);
      drafts.remove(draft.announcement().sequence());
      first = null;
      draft = first();
    }
  }

  /** The waiting draft of the lowest sequence, or null; drafts come in sequence. */
  private Draft first() throws Exception {
    if (first == null) {
      for (Draft draft : drafts.values()) {
        if (first == null || draft.announcement().sequence() < first.announcement().sequence()) {
          first = draft;
        }
      }
    }
    return first;
  }

  private int segmentsOf(List<Integer> blocks) {
    return blocks.stream().mapToInt(block -> manifest.segmentsOf(block).size()).sum();
  }

  private void announce(Draft draft, long now, Collector<Publication> out) throws Exception {
    long sequence = draft.announcement().sequence();
    double squaredChange = 0;
    Movement moved = null;
    for (int block : draft.awaited()) {
      List<Digest> ofBlock = new ArrayList<>();
      for (Segment segment : manifest.segmentsOf(block)) {
        Sealed part = sealed.get(slot(sequence, segment.index()));
        sealed.remove(slot(sequence, segment.index()));
        ofBlock.add(part.digest());
        squaredChange += part.squaredChange();
        if (part.movement() != null) {
          moved = moved == null ? part.movement() : moved.plus(part.movement());
        }
      }
      Digest digest = Digest.ofBlock(ofBlock);
      if (draft.rebuilt().contains(block)) {
        demandAnnounced(draft.announcement().blocks().get(block), digest);
      }
      digests.put(block, digest);
    }
    sealedCounts.remove(sequence);
    Announcement announcement = draft.announcement().withBlocks(complete(draft.announcement()));
    out.collect(
        new Publication(
            Publication.Topic.PLANS,
            0,
            announcement.ringKey().getBytes(StandardCharsets.UTF_8),
            Records.encode(announcement),
            now));
    if (draft.report() != null) {
      StageMovement movement = judge(draft.report(), moved);
      RoundReport report = draft.report().sealed(now, Math.sqrt(squaredChange), movement);
      out.collect(
          new Publication(
              Publication.Topic.ROUNDS,
              0,
              Long.toString(report.round()).getBytes(StandardCharsets.UTF_8),
              Records.encode(report),
              now));
      if (movement != null) {
        out.collect(new Publication(Publication.Topic.CONTROL, 0, null, decision(report), now));
      }
    }
  }

  /** What follows for the stage of a round, or null if nothing can. */
  private StageMovement judge(RoundReport report, Movement moved) throws Exception {
    if (freeze == null) {
      course.clear();
      return null;
    }
    if (report.outcome() != RoundOutcome.COMPLETED) {
      return null;
    }
    StageCourse next =
        freeze.next(course.value(), report.stage(), moved == null ? Movement.NONE : moved);
    course.update(next);
    return freeze.judge(next);
  }

  private static byte[] decision(RoundReport report) {
    return Records.encode(
        new StageDecision(
            report.federation(),
            report.incarnation(),
            report.round(),
            report.modelVersion(),
            report.stage(),
            report.movement()));
  }

  private void demandAnnounced(BlockVersion block, Digest digest) {
    if (!digest.equals(block.digest())) {
      throw new SuppressRestartsException(
          new IllegalStateException(
              ("block '%s' version %d, put together from version %d and what the deltas topic has,"
                      + " has the digest %s and was announced with %s: the topics are damaged. Start"
                      + " from a savepoint or a checkpoint, which do not need them")
                  .formatted(
                      manifest.blocks().get(block.block()).name(),
                      block.version(),
                      block.newestWhole().version(),
                      digest,
                      block.digest())));
    }
  }

  /** The blocks with the digests that were made here; others keep those of the draft. */
  private List<BlockVersion> complete(Announcement announcement) throws Exception {
    List<BlockVersion> blocks = new ArrayList<>();
    for (BlockVersion block : announcement.blocks()) {
      Digest digest = digests.get(block.block());
      blocks.add(digest == null ? block : block.withDigest(digest));
    }
    return blocks;
  }
}
