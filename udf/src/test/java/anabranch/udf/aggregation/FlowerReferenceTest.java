// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.protocol.codec.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * FedAvg over eleven clients as Flower computes it; {@code flower-fedavg.json} names the version.
 * Flower adds in float32, so the results agree to its rounding.
 */
class FlowerReferenceTest {

  private static final float TOLERANCE = 1e-6f;

  private static JsonNode reference;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in = FlowerReferenceTest.class.getResourceAsStream("/flower-fedavg.json")) {
      reference = new ObjectMapper().readTree(in);
    }
  }

  @Test
  void weightsAverageAsInFlower() {
    assertClose(average(Reference.WEIGHTS, 1), floats(reference.get("weightedMean")));
  }

  @Test
  void deltasAverageAsInFlower() {
    assertClose(average(Reference.DELTA, 1), floats(reference.get("weightedMean")));
  }

  @Test
  void serverLearningRateMovesAsInFlower() {
    float[] expected = floats(reference.get("weightedMeanAtServerLearningRateHalf"));

    assertClose(average(Reference.WEIGHTS, 0.5), expected);
    assertClose(average(Reference.DELTA, 0.5), expected);
  }

  private static float[] average(Reference contributed, double learningRate) {
    float[] initial = floats(reference.get("initialModel"));
    FixedPointGrid grid = FixedPointGrid.of(16, 100, 11);
    SegmentSum sum = SegmentSum.zero(AggregationRule.WEIGHTED_MEAN, initial.length);
    long totalWeight = 0;
    for (int k = 0; k < 11; k++) {
      float[] values = floats(reference.get("clients").get(k));
      if (contributed == Reference.DELTA) {
        for (int i = 0; i < values.length; i++) {
          values[i] -= initial[i];
        }
      }
      long weight = reference.get("numExamples").get(k).longValue();
      sum.add(DecodedSegments.dense(values), weight, grid);
      totalWeight += weight;
    }
    return new ServerStep(contributed, learningRate).apply(initial, sum, totalWeight, grid);
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(TOLERANCE));
    }
  }

  private static float[] floats(JsonNode array) {
    float[] floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = array.get(i).floatValue();
    }
    return floats;
  }
}
