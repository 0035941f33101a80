// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.udf.movement.FreezeCriterion;
import anabranch.udf.movement.MovementSample;
import java.util.List;

/** What the job keeps of segments beside their newest version, from round to round. */
final class SegmentMemory {

  private static final long ANY_SEED = 0;

  private final Workload workload;

  SegmentMemory(Workload workload) {
    this.workload = workload;
  }

  /**
   * Whether changes of the segment leave something out, which the job owes to the next one: not
   * those that carry every value, and not those whose mean is right.
   */
  boolean isOwed(Segment segment) {
    if (workload.downlink().isEmpty() || segment.role() == Role.BUFFER) {
      return false;
    }
    EncodingSettings encoding =
        workload.downlink().get().encoding().ofBlock(workload.manifest(), segment.block());
    boolean exact = encoding.fraction() == 1 && encoding.value() == EncodingSettings.Value.F32;
    return !exact && !encoding.unbiased();
  }

  /** Elements of which something is owed. */
  long owed(List<Segment> segments) {
    return segments.stream().filter(this::isOwed).mapToLong(Segment::length).sum();
  }

  /** Whether the movement of the segment is measured when it is trained. */
  boolean isFollowed(Segment segment) {
    return sampledVersions() > 0 && workload.manifest().deployedBlocks().contains(segment.block());
  }

  /** Versions of which samples are kept, at most; 0 where no movement is measured. */
  int sampledVersions() {
    FreezeCriterion freeze = workload.config().schedule().freeze();
    return freeze == null ? 0 : freeze.window() + 1;
  }

  /** Elements of one version of a segment that is followed. */
  int sampled(Segment segment) {
    return MovementSample.of(workload.manifest(), segment, ANY_SEED).length;
  }

  /** Elements of all versions of which samples are kept. */
  long sampled() {
    return sampledVersions()
        * workload.manifest().segments().stream()
            .filter(this::isFollowed)
            .mapToLong(this::sampled)
            .sum();
  }
}
