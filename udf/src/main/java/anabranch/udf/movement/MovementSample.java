// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.movement;

import anabranch.protocol.codec.SplitMix64;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import java.util.stream.IntStream;

/**
 * The parameters of a block whose movement is measured: all of them, or, of a larger block, one
 * drawn from each of 10,000 equal runs of its flat vector. The seed alone decides, so all segments
 * of a block agree on it without a word, in every round.
 */
public final class MovementSample {

  /** The most that are taken of a block. */
  public static final int MOST = 10_000;

  private MovementSample() {}

  /**
   * Those that lie in a segment, as indices in it, rising; none if its role is not {@link
   * Role#PARAMETER}.
   */
  public static int[] of(ModelManifest manifest, Segment segment, long seed) {
    if (segment.role() != Role.PARAMETER) {
      return new int[0];
    }
    // Parameters lie in front in a block's flat vector.
    long parameters =
        manifest.segmentsOf(segment.block()).stream()
            .filter(s -> s.role() == Role.PARAMETER)
            .mapToLong(Segment::length)
            .sum();
    long runs = Math.min(parameters, MOST);
    long blockSeed = SplitMix64.longAt(seed, segment.block());
    int end = segment.offset() + segment.length();
    // A run may begin in the segment before, or end in the one behind.
    int first = (int) Math.max(0, segment.offset() * runs / parameters - 1);
    int behind = (int) Math.min(runs, end * runs / parameters + 1);
    return IntStream.range(first, behind)
        .map(run -> drawn(run, runs, parameters, blockSeed))
        .filter(element -> segment.offset() <= element && element < end)
        .map(element -> element - segment.offset())
        .toArray();
  }

  private static int drawn(long run, long runs, long parameters, long seed) {
    long low = run * parameters / runs;
    long high = (run + 1) * parameters / runs;
    return (int) (low + (long) (SplitMix64.doubleAt(seed, run) * (high - low)));
  }
}
