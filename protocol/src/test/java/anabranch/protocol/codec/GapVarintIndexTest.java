// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static anabranch.protocol.codec.Updates.decode;
import static anabranch.protocol.codec.Updates.indexOnly;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Bytes;
import org.junit.jupiter.api.Test;

class GapVarintIndexTest extends SegmentCodecContract {

  @Override
  IndexCode indexCode(int[] indices, int length) {
    return new IndexCode.GapVarint();
  }

  @Test
  void everyWidthOfGapDecodes() throws MalformedUpdateException {
    int[] indices = {126, 254, 16_638, 33_023, 131_071};
    byte[] bytes = new GapVarintIndex().encode(indices, indices.length, 131_072);
    assertThat(bytes).hasSize(1 + 1 + 2 + 3 + 3);
    SegmentUpdate update = indexOnly(new IndexCode.GapVarint(), 5, Bytes.of(bytes));
    assertThat(decode(update, 131_072).indices()).isEqualTo(indices);
  }
}
