// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;

/** Turns strictly rising indices into the bytes of an index code and back. */
sealed interface IndexCodec
    permits DenseIndex, BitmapIndex, GapVarintIndex, RiceIndex, SeededIndex {

  static IndexCodec of(IndexCode code) {
    if (code instanceof IndexCode.Rice rice) {
      return new RiceIndex(rice.bits());
    }
    if (code instanceof IndexCode.GapVarint) {
      return new GapVarintIndex();
    }
    if (code instanceof IndexCode.Bitmap) {
      return new BitmapIndex();
    }
    if (code instanceof IndexCode.Seeded seeded) {
      return new SeededIndex(seeded.seed(), seeded.p());
    }
    return new DenseIndex();
  }

  /**
   * Exact number of bytes that {@link #encode} writes.
   *
   * @param indices strictly rising, each below {@code length}
   * @param length elements of the segment
   */
  long size(int[] indices, int length);

  /** Arguments as for {@link #size}. */
  byte[] encode(int[] indices, int length);

  /**
   * Writes {@code count} strictly rising indices below {@code length} to the front of {@code
   * indices}, or refuses the bytes; what it left in {@code indices} then means nothing.
   *
   * @param count 0 to length
   * @param length elements of the segment, from the manifest
   * @param indices at least {@code length} long
   */
  void decode(Bytes bytes, int count, int length, int[] indices) throws MalformedUpdateException;
}
