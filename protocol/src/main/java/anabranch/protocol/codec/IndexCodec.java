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
   * The code that takes the fewest bytes: dense for all elements, else the smallest of Rice, varint
   * and bitmap, of equals the first named. Arguments as for {@link #size}.
   */
  static IndexCode smallest(int[] indices, int count, int length) {
    if (count == length) {
      return new IndexCode.Dense();
    }
    RiceIndex rice = RiceIndex.smallest(indices, count, length);
    long riceSize = rice.size(indices, count, length);
    long varintSize = new GapVarintIndex().size(indices, count, length);
    long bitmapSize = new BitmapIndex().size(indices, count, length);
    if (riceSize <= varintSize && riceSize <= bitmapSize) {
      return new IndexCode.Rice(rice.bits());
    }
    return varintSize <= bitmapSize ? new IndexCode.GapVarint() : new IndexCode.Bitmap();
  }

  /**
   * Exact number of bytes that {@link #encode} writes.
   *
   * @param indices strictly rising, each below {@code length}
   * @param count how many there are, from the front
   * @param length elements of the segment
   */
  long size(int[] indices, int count, int length);

  /** Arguments as for {@link #size}. */
  byte[] encode(int[] indices, int count, int length);

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
