// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.similarity;

import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.SplitMix64;

/**
 * A short vector whose scalar products estimate those of whole updates without bias: a count sketch
 * (Charikar, Chen, Farach-Colton, 2002). Element i of segment s is added with a sign to one of
 * {@link #WIDTH} places, both drawn from its position alone, so all clients' sketches fit together.
 *
 * <p>The standard error of a cosine is at most about √(2/WIDTH), that is 0.09.
 */
public final class UpdateSketch {

  /** Numbers of a sketch; a power of two. */
  public static final int WIDTH = 256;

  private UpdateSketch() {}

  /**
   * Adds a segment's values to a sketch.
   *
   * @param sketch of {@link #WIDTH} numbers; changed
   * @param segment index in the manifest
   * @param values of the segment
   */
  public static void add(float[] sketch, int segment, DecodedSegment values) {
    int count = values.count();
    float[] elements = values.values();
    int[] indices = values.indices();
    boolean dense = values.dense();
    for (int j = 0; j < count; j++) {
      long draw = SplitMix64.longAt(segment, dense ? j : indices[j]);
      float signed = draw < 0 ? -elements[j] : elements[j];
      sketch[(int) draw & (WIDTH - 1)] += signed;
    }
  }
}
