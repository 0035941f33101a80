// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.codec.MalformedUpdateException.Reason;
import anabranch.protocol.model.Segment;

/**
 * Runs of neighbouring elements that are chosen and indexed together. A run costs one index, and
 * neighbours in a layer's weights tend to matter together.
 *
 * @param size elements of a group, at least 1
 * @param length elements of the segment; the last group is shorter where it is no multiple
 */
record Groups(int size, int length) {

  int count() {
    return (length + size - 1) / size;
  }

  /** Elements of the last group. */
  private int last() {
    return length - (count() - 1) * size;
  }

  /**
   * Sums of the magnitudes of each group, in single precision from the first element to the last.
   *
   * @param sums written from the front
   */
  void sumMagnitudes(float[] values, int offset, float[] sums) {
    int groups = count();
    for (int group = 0; group < groups; group++) {
      int from = offset + group * size;
      int to = Math.min(from + size, offset + length);
      float sum = 0;
      for (int i = from; i < to; i++) {
        sum += Math.abs(values[i]);
      }
      sums[group] = Math.min(sum, Float.MAX_VALUE);
    }
  }

  /**
   * Replaces rising indices of groups by those of their elements.
   *
   * @param indices has room for all elements
   * @return number of elements
   */
  int expand(int[] indices, int groups) {
    boolean withLast = groups > 0 && indices[groups - 1] == count() - 1;
    int elements = groups * size - (withLast ? size - last() : 0);
    // From behind: what is written never lies before what is still to be read.
    int next = elements;
    for (int i = groups - 1; i >= 0; i--) {
      int first = indices[i] * size;
      for (int element = Math.min(first + size, length) - 1; element >= first; element--) {
        indices[--next] = element;
      }
    }
    return elements;
  }

  /**
   * Writes the indices of an update's elements to the front of {@code indices}, or refuses it.
   *
   * @param codec of the update's index code
   */
  void decode(SegmentUpdate update, IndexCodec codec, int[] indices)
      throws MalformedUpdateException {
    boolean lists =
        !(update.indexCode() instanceof IndexCode.Dense)
            && !(update.indexCode() instanceof IndexCode.Seeded);
    if (size < 1 || size > Segment.MAX_LENGTH || !lists) {
      throw new MalformedUpdateException(
          Reason.PARAMETER,
          "groups of %d elements with the index code %s: 1 to 131072, and more than 1 only where indices are listed"
              .formatted(size, update.indexCode()));
    }
    int rest = update.count() % size;
    if (rest != 0 && rest != last()) {
      throw new MalformedUpdateException(
          Reason.COUNT, update.count() + " values do not fill groups of " + size);
    }
    int groups = update.count() / size + (rest == 0 ? 0 : 1);
    codec.decode(update.index(), groups, count(), indices);
    boolean withLast = groups > 0 && indices[groups - 1] == count() - 1;
    if (withLast != (rest != 0) && last() != size) {
      throw new MalformedUpdateException(
          Reason.COUNT,
          "%d values with %s the last group, which has %d"
              .formatted(update.count(), withLast ? "" : "out", last()));
    }
    expand(indices, groups);
  }
}
