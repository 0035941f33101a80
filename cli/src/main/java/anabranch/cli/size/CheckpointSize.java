// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import anabranch.protocol.model.Digest;
import anabranch.protocol.model.Segment;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.operator.SegmentPlacement;
import anabranch.udf.round.RoundPolicy.Parts;
import anabranch.udf.similarity.UpdateSketch;
import java.util.List;

/**
 * Bytes of a checkpoint of the job with state on the heap. Flink's own description of it, some tens
 * of kilobytes, is not in it.
 */
final class CheckpointSize {

  /** A format number and the length of an array. */
  private static final int ARRAY = 1 + Integer.BYTES;

  /** Flink's namespace and key in front of every entry of keyed state. */
  private static final int ENTRY = 1 + Integer.BYTES;

  /** Number of a key group; then for each kind of state its number and how many entries follow. */
  private static final int KEY_GROUP = Integer.BYTES + 7 * (Short.BYTES + Integer.BYTES);

  /** {@code SegmentProgress} with its format number. */
  private static final int PROGRESS = 1 + 3 * Long.BYTES + 2 * Integer.BYTES;

  /** Where a record lies. */
  private static final int RECORD_ID = 1 + Integer.BYTES + Long.BYTES;

  /** {@code SegmentPayload} with affine codes, beside its bytes: an entry of what is held. */
  private static final int PAYLOAD = 2 * (1 + RECORD_ID) + 4 * Integer.BYTES + 4 + 12;

  /** {@code MovementTrace} without versions: format, seed, their number. */
  private static final int TRACE = 1 + Long.BYTES + Integer.BYTES;

  /** The coordinator's own numbers, those of the open round, and what it has counted. */
  private static final int NUMBERS = 53 + 47 + 172;

  /** A closed plan: its id, its round, and how it was closed. */
  private static final int CLOSED_PLAN = 2 * Long.BYTES + 1;

  private static final int CLOSED_PLANS = 64;

  private final Workload workload;
  private final RoundTraffic traffic;
  private final SampleRecords samples;
  private final SegmentMemory kept;

  CheckpointSize(Workload workload, RoundTraffic traffic) {
    this.workload = workload;
    this.traffic = traffic;
    this.samples = new SampleRecords(workload);
    this.kept = new SegmentMemory(workload);
  }

  /**
   * The model, what is kept beside it, and what the coordinator knows, while no update has come.
   */
  long idle() {
    List<Segment> segments = workload.manifest().segments();
    long model = segments.stream().mapToLong(s -> ENTRY + ARRAY + 4L * s.length()).sum();
    long progress = (long) segments.size() * (ENTRY + PROGRESS);
    long digests =
        (long) workload.manifest().blocks().size() * (Integer.BYTES + 1 + 1 + Digest.LENGTH);
    return model
        + progress
        + digests
        + residual()
        + movement()
        + (long) SegmentPlacement.KEY_GROUPS * KEY_GROUP
        + coordinator();
  }

  /** E, what changes have left out. */
  long residual() {
    return workload.manifest().segments().stream()
        .filter(kept::isOwed)
        .mapToLong(s -> ENTRY + ARRAY + 4L * s.length())
        .sum();
  }

  /** V, where samples were in the newest versions, by how much they moved between these. */
  long movement() {
    long versions = kept.sampledVersions();
    return workload.manifest().segments().stream()
        .filter(kept::isFollowed)
        .mapToLong(
            s ->
                ENTRY
                    + TRACE
                    + versions * (Integer.BYTES + 4L * kept.sampled(s))
                    + (versions - 1) * Double.BYTES)
        .sum();
  }

  private long coordinator() {
    long registry = workload.clients() * (Integer.BYTES + samples.checkIn());
    long orders = (long) Long.BYTES * workload.manifest().segments().size();
    long admitted = (long) workload.folded() * (Short.BYTES + workload.idLength() + Long.BYTES);
    return NUMBERS
        + CLOSED_PLANS * CLOSED_PLAN
        + registry
        + orders
        + admitted
        + samples.announcement(true);
  }

  /** The same when every trained segment has a sum and all updates but one are folded. */
  long midRound() {
    return idle() + sums() + submissions();
  }

  private long sums() {
    int arrays = workload.config().rule() == AggregationRule.COORDINATE_COUNT_MEAN ? 2 : 1;
    return workload.trainedSegments().stream()
        .mapToLong(s -> ENTRY + 2 + arrays * (Integer.BYTES + 8L * s.length()))
        .sum();
  }

  /** What the coordinator knows of the updates of the open round. */
  private long submissions() {
    long names =
        SampleRecords.METRICS.keySet().stream()
            .mapToLong(name -> Short.BYTES + name.length() + Double.BYTES)
            .sum();
    long one =
        Short.BYTES
            + workload.idLength()
            + 2 * Integer.BYTES
            + 4 * Long.BYTES
            + Integer.BYTES
            + names
            + traffic.records() * (3L * Integer.BYTES + RECORD_ID + sketch())
            + (long) Integer.BYTES * workload.trainedSegments().size();
    return workload.folded() * one;
  }

  private long sketch() {
    return workload.config().reportSimilarity() ? (long) Float.BYTES * UpdateSketch.WIDTH : 0;
  }

  /** The same when every client's update waits for one more record. */
  long most() {
    long held =
        workload.config().round().parts() == Parts.INDEPENDENT || traffic.records() == 1
            ? 0
            : workload.drawn()
                * (workload.mostPayload() + (long) PAYLOAD * workload.trainedSegments().size());
    return midRound() + held;
  }
}
