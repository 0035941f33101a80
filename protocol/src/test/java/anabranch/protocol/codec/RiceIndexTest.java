// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static anabranch.protocol.codec.Updates.decode;
import static anabranch.protocol.codec.Updates.indexOnly;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Bytes;
import org.junit.jupiter.api.Test;

class RiceIndexTest extends SegmentCodecContract {

  @Override
  IndexCode indexCode(int[] indices, int length) {
    // Not the best bits but any that keep the stream short.
    return new IndexCode.Rice(random.nextInt(31));
  }

  @Test
  void writesWhatAWriterOfSingleBitsWrites() throws MalformedUpdateException {
    for (int bits = 0; bits <= 30; bits++) {
      for (double share : new double[] {0.001, 0.01, 0.1, 0.9}) {
        int[] indices = indices(5000, share);
        Bytes expected = bitByBit(indices, bits);
        assertThat(Bytes.of(new RiceIndex(bits).encode(indices, indices.length, 5000)))
            .isEqualTo(expected);
        SegmentUpdate update = indexOnly(new IndexCode.Rice(bits), indices.length, expected);
        assertThat(decode(update, 5000).indices()).isEqualTo(indices);
      }
    }
  }

  private static Bytes bitByBit(int[] indices, int bits) {
    BitString stream = new BitString();
    int expected = 0;
    for (int index : indices) {
      int gap = index - expected;
      for (int i = 0; i < gap >>> bits; i++) {
        stream.append(true);
      }
      stream.append(false);
      stream.append(gap, bits);
      expected = index + 1;
    }
    return stream.paddedWith(true);
  }

  @Test
  void aRunOfOnesMayCrossManyWords() throws MalformedUpdateException {
    for (int last = 40; last < 140; last++) {
      for (int bits = 0; bits < 3; bits++) {
        int[] indices = {0, last, 131_071};
        byte[] bytes = new RiceIndex(bits).encode(indices, indices.length, 131_072);
        SegmentUpdate update = indexOnly(new IndexCode.Rice(bits), 3, Bytes.of(bytes));
        assertThat(decode(update, 131_072).indices()).isEqualTo(indices);
      }
    }
  }

  @Test
  void smallestIsNoLargerThanAnyOther() {
    for (double share : new double[] {0.0003, 0.004, 0.05, 0.6}) {
      int[] indices = indices(20_000, share);
      RiceIndex smallest = RiceIndex.smallest(indices, indices.length, 20_000);
      for (int bits = 0; bits <= 30; bits++) {
        assertThat(smallest.size(indices, indices.length, 20_000))
            .isLessThanOrEqualTo(new RiceIndex(bits).size(indices, indices.length, 20_000));
      }
    }
  }

  /** 8.108 bits an index is what the entropy bound of 8.079 leaves room for at one in a hundred. */
  @Test
  void staysNearTheEntropyOfRandomIndices() {
    int[] indices = indices(131_072, 0.01);
    double bitsAnIndex =
        8.0
            * RiceIndex.smallest(indices, indices.length, 131_072)
                .size(indices, indices.length, 131_072)
            / indices.length;
    assertThat(bitsAnIndex).isBetween(7.8, 8.4);
  }
}
