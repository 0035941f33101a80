// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.Reference;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The error of a published mean against exact decimal arithmetic. */
class WeightedMeanErrorTest {

  private static final int LENGTH = 16;
  private static final MathContext EXACT = new MathContext(60);

  @ParameterizedTest(name = "{0} clients, weights to {1}, values from 2^{2} to 2^{3}")
  @CsvSource({
    "10, 1, -20, 0",
    "10, 1000, -20, 15",
    "10, 16777216, 0, 15",
    "100, 1, -20, 15",
    "100, 600, -10, 0",
    "100, 16777216, -20, 15",
    "1000, 1000, -20, 15",
    "4095, 1, 15, 15",
    "4095, 16777216, -20, 15",
    "4095, 16777216, 15, 15",
  })
  void meanStaysWithinTheBound(int clients, int maxWeight, int lowest, int highest) {
    Random random = new Random(clients * 31L + maxWeight);
    FixedPointGrid grid = FixedPointGrid.of(highest, maxWeight, clients);
    SegmentSum sum = SegmentSum.zero(AggregationRule.WEIGHTED_MEAN, LENGTH);
    BigDecimal[] exactSums = new BigDecimal[LENGTH];
    Arrays.fill(exactSums, BigDecimal.ZERO);
    long totalWeight = 0;
    for (int k = 0; k < clients; k++) {
      long weight = 1 + random.nextInt(maxWeight);
      float[] values = values(random, lowest, highest);
      sum.add(DecodedSegments.dense(values), weight, grid);
      totalWeight += weight;
      for (int i = 0; i < LENGTH; i++) {
        exactSums[i] =
            exactSums[i].add(new BigDecimal(values[i]).multiply(BigDecimal.valueOf(weight)));
      }
    }

    float[] published =
        new ServerStep(Reference.DELTA, 1).apply(new float[LENGTH], sum, totalWeight, grid);

    for (int i = 0; i < LENGTH; i++) {
      double mean = sum.units()[i] * grid.unit() / totalWeight;
      BigDecimal exact = exactSums[i].divide(BigDecimal.valueOf(totalWeight), EXACT);
      double error = new BigDecimal(mean).subtract(exact).abs().doubleValue();
      double bound =
          clients * 0.75 * Math.scalb(1.0, grid.unitExponent()) / totalWeight
              + Math.scalb(Math.abs(mean), -53);
      assertThat(error).as("element %d", i).isLessThanOrEqualTo(bound);
      assertThat(published[i]).isEqualTo((float) mean);
    }
  }

  /** Magnitudes spread evenly over the exponents; some values lie on the bound itself. */
  private static float[] values(Random random, int lowest, int highest) {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      int exponent = lowest + random.nextInt(highest - lowest + 1);
      float magnitude =
          exponent == highest || random.nextInt(8) == 0
              ? Math.scalb(1f, exponent)
              : Math.scalb(1 + random.nextFloat(), exponent);
      values[i] = random.nextBoolean() ? magnitude : -magnitude;
    }
    return values;
  }
}
