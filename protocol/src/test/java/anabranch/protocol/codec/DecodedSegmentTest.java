// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DecodedSegmentTest {

  @Test
  void sumOfSquaresDoesNotDependOnTheEncoding() throws MalformedUpdateException {
    float[] values = {.1f, 0, 0, 3e7f, 0, -.2f, 0, .7f, 0};
    int[] indices = {0, 3, 5, 7};
    DecodedSegment decoded = new DecodedSegment();
    SegmentDecoder.decode(
        new SegmentEncoder()
            .encode(0, values, 0, 9, Reference.DELTA, EncodingSettings.DENSE_F32, 0),
        9,
        30,
        decoded);
    double dense = decoded.sumSquares();
    SegmentDecoder.decode(
        SegmentEncoder.encodeSelected(
            0,
            Reference.DELTA,
            9,
            indices,
            new float[] {.1f, 3e7f, -.2f, .7f},
            IndexCodec.smallest(indices, indices.length, 9),
            new ValueCode.F32()),
        9,
        30,
        decoded);
    assertThat(decoded.dense()).isFalse();
    assertThat(decoded.sumSquares()).isEqualTo(dense).isGreaterThan(9e14);
  }
}
