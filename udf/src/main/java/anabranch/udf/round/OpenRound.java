// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.message.BlockGrid;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import anabranch.udf.round.RoundPolicy.Parts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.BitSet;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The round whose plan is open: who was drawn, and what has come. */
final class OpenRound {

  private final Plan plan;
  private final long openedAt;
  private final int eligible;
  private final long maxWeight;
  private final String note;
  private final boolean independent;
  private final TreeMap<String, Submission> submissions = new TreeMap<>();
  private final TreeSet<String> refused = new TreeSet<>();
  private final BitSet segments = new BitSet();
  private final long maxUpdateBytes;
  private int completed;
  private int departed;
  private long visibleAt;
  private long firstUpdateAt;

  /**
   * @param plan that was opened
   * @param openedAt when, in milliseconds since 1970
   * @param eligible clients that could have been drawn
   * @param maxWeight the largest weight that its grids were made for
   * @param note for the report
   * @param independent whether each part counts as it comes, see {@link Parts}; a restart with
   *     another policy does not change what has been ordered for the parts that came before
   * @param manifest of the model
   */
  OpenRound(
      Plan plan,
      long openedAt,
      int eligible,
      long maxWeight,
      String note,
      boolean independent,
      ModelManifest manifest) {
    this.plan = plan;
    this.openedAt = openedAt;
    this.eligible = eligible;
    this.maxWeight = maxWeight;
    this.note = note;
    this.independent = independent;
    long bytes = 0;
    for (int block : plan.trainBlocks()) {
      for (Segment segment : manifest.segmentsOf(block)) {
        segments.set(segment.index());
        bytes += UpdateSize.most(manifest, segment, plan.encoding());
      }
    }
    this.maxUpdateBytes = bytes;
  }

  /** What the parameters of its updates are coefficients of. */
  TransformCode transform() {
    return plan.encoding().transformCode(plan.seed());
  }

  Plan plan() {
    return plan;
  }

  long openedAt() {
    return openedAt;
  }

  int eligible() {
    return eligible;
  }

  long maxWeight() {
    return maxWeight;
  }

  String note() {
    return note;
  }

  /** Whether each part counts as it comes. */
  boolean independent() {
    return independent;
  }

  /** When clients could read the plan, 0 while they cannot. */
  long visibleAt() {
    return visibleAt;
  }

  void visible(long now) {
    if (visibleAt == 0) {
      visibleAt = now;
    }
  }

  long firstUpdateAt() {
    return firstUpdateAt;
  }

  void updateCame(long now) {
    if (firstUpdateAt == 0) {
      firstUpdateAt = now;
    }
  }

  /** An outage does not count against the deadline. */
  void delay(long millis) {
    if (visibleAt != 0) {
      visibleAt += millis;
    }
  }

  /** Segments of the trained blocks. */
  BitSet segments() {
    return segments;
  }

  /** Payload bytes that an update may have. */
  long maxUpdateBytes() {
    return maxUpdateBytes;
  }

  int unitExponent(int block) {
    for (BlockGrid grid : plan.grids()) {
      if (grid.block() == block) {
        return grid.unitExponent();
      }
    }
    throw new IllegalStateException("plan %x trains no block %d".formatted(plan.planId(), block));
  }

  boolean inCohort(String clientId) {
    return Collections.binarySearch(plan.cohort(), clientId) >= 0;
  }

  TreeMap<String, Submission> submissions() {
    return submissions;
  }

  /** Clients of the cohort from which something was refused. */
  Set<String> refused() {
    return refused;
  }

  /** Updates that are complete. */
  int completed() {
    return completed;
  }

  void updateCompleted() {
    completed++;
  }

  /** Counts who of the cohort has left without a complete update: nothing is awaited of them. */
  void countDeparted(ClientRegistry registry) {
    departed = 0;
    for (String client : plan.cohort()) {
      Submission submission = submissions.get(client);
      boolean answered = submission != null && submission.complete();
      departed += answered || registry.get(client) != null ? 0 : 1;
    }
  }

  /** Whether enough updates are complete to close before the deadline. */
  boolean hasAllAwaited(FederationPolicy policy) {
    int awaited = Math.min(policy.cohort().size(), plan.cohort().size() - departed);
    // Whoever has left may come back in time, so a round is not failed for departures alone.
    return completed >= awaited && completed >= policy.round().quorum();
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(openedAt);
    out.writeInt(eligible);
    out.writeLong(maxWeight);
    out.writeUTF(note);
    out.writeBoolean(independent);
    out.writeLong(visibleAt);
    out.writeLong(firstUpdateAt);
    out.writeInt(refused.size());
    for (String client : refused) {
      out.writeUTF(client);
    }
    out.writeInt(submissions.size());
    for (Map.Entry<String, Submission> entry : submissions.entrySet()) {
      out.writeUTF(entry.getKey());
      entry.getValue().write(out);
    }
  }

  static OpenRound read(Plan plan, ModelManifest manifest, DataInput in) throws IOException {
    OpenRound read =
        new OpenRound(
            plan,
            in.readLong(),
            in.readInt(),
            in.readLong(),
            in.readUTF(),
            in.readBoolean(),
            manifest);
    read.visibleAt = in.readLong();
    read.firstUpdateAt = in.readLong();
    int refused = in.readInt();
    for (int i = 0; i < refused; i++) {
      read.refused.add(in.readUTF());
    }
    int submissions = in.readInt();
    for (int i = 0; i < submissions; i++) {
      String client = in.readUTF();
      Submission submission = Submission.read(in);
      read.submissions.put(client, submission);
      read.completed += submission.complete() ? 1 : 0;
    }
    return read;
  }
}
