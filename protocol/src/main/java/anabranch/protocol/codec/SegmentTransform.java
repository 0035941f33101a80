// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.util.List;

/**
 * A linear map between a segment's elements and the coefficients that an update carries. Because it
 * is linear, coefficients are added up and averaged as they come and turned back once.
 */
public sealed interface SegmentTransform permits Identity, Rotation, LowRank {

  /**
   * @param code as the update or the plan says; its seed is the plan's
   * @param manifest that the segment is of
   */
  static SegmentTransform of(TransformCode code, ModelManifest manifest, Segment segment) {
    return of(code, manifest, segment, new RandomFactors());
  }

  /**
   * The same for one who transforms segment after segment.
   *
   * @param factors where a low-rank transform gets its random factors from
   */
  static SegmentTransform of(
      TransformCode code, ModelManifest manifest, Segment segment, RandomFactors factors) {
    if (code instanceof TransformCode.Rotated rotated) {
      return new Rotation(SplitMix64.longAt(rotated.seed(), segment.index()), segment.length());
    }
    if (code instanceof TransformCode.LowRankFactor factor) {
      return LowRank.of(manifest, segment, factor.seed(), factor.rank(), factors);
    }
    return new Identity(segment.length());
  }

  /** Whether elements are their own coefficients. */
  default boolean isIdentity() {
    return false;
  }

  /**
   * The runs of elements whose image under {@link #inverse} is a row space, in rising order; all
   * others are their own coefficients. Only for a low-rank transform.
   */
  default List<RowSpace> rowSpaces() {
    return List.of();
  }

  /** Number of coefficients of the segment, at most its length. */
  int coefficients();

  /**
   * Coefficients of elements: those whose {@link #inverse} is nearest.
   *
   * @param values elements, as many as the segment has, from the front
   * @param coefficients written from the front; another array than {@code values}
   */
  void forward(float[] values, float[] coefficients);

  /**
   * Elements from coefficients, in double precision with operations in a fixed order: the same bits
   * on every machine.
   *
   * @param coefficients as many as {@link #coefficients()}, from the front; used up
   * @param values written from the front; may be another array or the same
   */
  void inverse(double[] coefficients, double[] values);
}
