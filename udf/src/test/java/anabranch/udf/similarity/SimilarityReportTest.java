// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentEncoder;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimilarityReportTest {

  private static final int LENGTH = 20_000;

  @Test
  void cosinesOfVectorsThatCanBeSeenByEye() {
    SimilarityReport report =
        SimilarityReport.of(List.of(new float[] {1, 0}, new float[] {0, 2}, new float[] {-3, 0}));

    assertThat(report.ofClient()).containsExactly(new double[] {-0.5, 0, -0.5}, within(1e-6));
    assertThat(report.mean()).isCloseTo(-1.0 / 3, within(1e-6));
  }

  @Test
  void anUpdateOfZerosIsSimilarToNothing() {
    SimilarityReport report = SimilarityReport.of(List.of(new float[] {1, 1}, new float[] {0, 0}));

    assertThat(report.ofClient()).containsExactly(new double[] {0, 0}, within(1e-6));
  }

  @Test
  void oneClientHasNobodyToBeSimilarTo() {
    assertThat(SimilarityReport.of(List.of(new float[] {1, 2})).mean()).isZero();
  }

  @Test
  void sketchesKeepTheCosineOfWholeUpdates() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    float[] first = gaussian(random);
    float[] other = gaussian(random);
    float[] mixed = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      mixed[i] = 0.8f * first[i] + 0.6f * other[i];
    }

    SimilarityReport report = SimilarityReport.of(List.of(sketch(first), sketch(mixed)));

    assertThat(report.mean()).isCloseTo(0.8, within(4 * Math.sqrt(2.0 / UpdateSketch.WIDTH)));
  }

  private static float[] gaussian(SplittableRandom random) {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] sketch(float[] update) throws MalformedUpdateException {
    DecodedSegment decoded = new DecodedSegment();
    SegmentDecoder.decode(
        new SegmentEncoder()
            .encode(3, update, 0, LENGTH, Reference.DELTA, EncodingSettings.DENSE_F32, 0),
        LENGTH,
        16,
        decoded);
    float[] sketch = new float[UpdateSketch.WIDTH];
    UpdateSketch.add(sketch, 3, decoded);
    return sketch;
  }
}
