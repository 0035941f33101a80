// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.model.Segment;

/**
 * What a segment update says, as arrays. The owner makes one and decodes into it again and again:
 * it has room for any segment (1 MiB), and the wire cannot make it grow. Not for use by two
 * threads.
 */
public final class DecodedSegment {

  private final int[] indices = new int[Segment.MAX_LENGTH];
  private final float[] values = new float[Segment.MAX_LENGTH];
  private int count;
  private boolean dense;

  /** Number of values, 0 to the segment's length. Beyond it the arrays hold leftovers. */
  public int count() {
    return count;
  }

  /** Whether value i belongs to element i; {@link #indices()} means nothing then. */
  public boolean dense() {
    return dense;
  }

  /** Element of each value, strictly rising; not a copy. */
  public int[] indices() {
    return indices;
  }

  /** The values, all finite; not a copy. */
  public float[] values() {
    return values;
  }

  /**
   * Changes a vector as this says: the one operation with which the job and all clients go from a
   * version to the next, in float32.
   *
   * @param reference DELTA to add the values, WEIGHTS to put them in place of what stands there
   * @param vector changed; what no value is for stays
   * @param offset of the segment's first element in it
   */
  public void applyTo(Reference reference, float[] vector, int offset) {
    boolean add = reference == Reference.DELTA;
    for (int i = 0; i < count; i++) {
      int at = offset + (dense ? i : indices[i]);
      vector[at] = add ? vector[at] + values[i] : values[i];
    }
  }

  void hold(int count, boolean dense) {
    this.count = count;
    this.dense = dense;
  }
}
