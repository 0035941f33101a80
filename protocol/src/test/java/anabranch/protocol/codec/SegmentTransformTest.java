// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static anabranch.protocol.codec.CodecVectors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentTransformTest {

  private static final float TOLERANCE = 1e-6f;

  static Stream<Named<JsonNode>> rotation() {
    return CodecVectors.ofKind("rht");
  }

  static Stream<Named<JsonNode>> lowRank() {
    return CodecVectors.ofKind("lowrank");
  }

  @ParameterizedTest
  @MethodSource("rotation")
  void rotationIsThatOfTheVector(JsonNode vector) {
    float[] x = floats(vector.get("x"));
    Rotation rotation = new Rotation(vector.get("seed").longValue(), x.length);

    float[] y = new float[x.length];
    rotation.forward(x, y);

    assertThat(y).containsExactly(floats(vector.get("y")), within(TOLERANCE));
    assertThat(roundTrip(rotation, x)).containsExactly(x, within(TOLERANCE));
  }

  /** The vector writes A·B with the long side first, which is the transpose of what travels. */
  @ParameterizedTest
  @MethodSource("lowRank")
  void lowRankProductIsThatOfTheVector(JsonNode vector) {
    int columns = vector.get("d1").intValue();
    int rows = vector.get("d2").intValue();
    int rank = vector.get("r").intValue();
    LowRank lowRank =
        new LowRank(
            rank,
            List.of(new LowRank.Piece(0, rows, columns, vector.get("seed").longValue())),
            new RandomFactors());
    float[] factor = new float[rows * rank];
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < rank; j++) {
        factor[row * rank + j] = vector.get("B").get(j).get(row).floatValue();
      }
    }

    float[] product = inverse(lowRank, factor);

    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        assertThat(product[row * columns + column])
            .isCloseTo(vector.get("AB").get(column).get(row).floatValue(), within(TOLERANCE));
      }
    }
    float[] back = new float[factor.length];
    lowRank.forward(product, back);
    assertThat(back).containsExactly(factor, within(TOLERANCE));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 100, 4095, 4096, 4097, 50_890, Segment.MAX_LENGTH})
  void rotationOfAnyLengthKeepsTheNormAndTurnsBack(int length) {
    float[] x = random(length, 3);
    Rotation rotation = new Rotation(99, length);

    float[] y = new float[length];
    rotation.forward(x, y);

    assertThat(rotation.coefficients()).isEqualTo(length);
    assertThat(squares(y)).isCloseTo(squares(x), within(1e-4 * squares(x)));
    assertThat(maxDifference(inverse(rotation, y), x)).isLessThan(1e-5);
  }

  @Test
  void rotationSpreadsOneLargeElementOverItsRun() {
    float[] x = new float[4096];
    x[17] = 64;

    float[] y = new float[4096];
    new Rotation(5, 4096).forward(x, y);

    for (float value : y) {
      assertThat(Math.abs(value)).isEqualTo(1f);
    }
  }

  /** A segment of 5 x 30 and 4 x 2 x 10 matrices, a vector between them, and one short matrix. */
  private static final ModelManifest MANIFEST =
      Segmenter.manifest(
          "matrices",
          Map.of(),
          4,
          List.of(
              new BlockShape(
                  "only",
                  List.of(
                      new TensorShape("wide", List.of(5, 30), Role.PARAMETER),
                      new TensorShape("bias", List.of(5), Role.PARAMETER),
                      new TensorShape("kernel", List.of(4, 2, 10), Role.PARAMETER),
                      new TensorShape("narrow", List.of(9, 3), Role.PARAMETER)))));

  private static final int RANK = 3;

  private static SegmentTransform lowRank(int segmentLength) {
    SegmentTransform transform =
        SegmentTransform.of(
            new TransformCode.LowRankFactor(11, RANK), MANIFEST, MANIFEST.segments().get(0));
    assertThat(MANIFEST.segments().get(0).length()).isEqualTo(segmentLength);
    return transform;
  }

  @Test
  void lowRankSendsFactorsOfLongRowsAndEverythingElseAsItIs() {
    assertThat(lowRank(262).coefficients()).isEqualTo(5 * RANK + 5 + 4 * RANK + 27);

    float[] x = random(262, 4);
    float[] coefficients = new float[262];
    lowRank(262).forward(x, coefficients);

    assertThat(slice(coefficients, 15, 20)).isEqualTo(slice(x, 150, 155));
    assertThat(slice(coefficients, 32, 59)).isEqualTo(slice(x, 235, 262));
  }

  @Test
  void whatLiesInTheSpaceOfTheFactorsComesBackExactlyAndTheRestIsOrthogonal() {
    SegmentTransform lowRank = lowRank(262);
    float[] x = random(262, 6);

    float[] projected = roundTrip(lowRank, x);

    assertThat(maxDifference(roundTrip(lowRank, projected), projected)).isLessThan(1e-5);
    double product = 0;
    for (int i = 0; i < x.length; i++) {
      product += projected[i] * (x[i] - projected[i]);
    }
    assertThat(product).isCloseTo(0, within(1e-4));
    assertThat(squares(projected)).isLessThan(squares(x));
  }

  @Test
  void theSumOfCoefficientsIsThatOfTheElements() {
    float[] x = random(262, 7);
    float[] y = random(262, 8);
    float[] sum = new float[262];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = x[i] + y[i];
    }
    for (TransformCode code :
        List.of(new TransformCode.Rotated(3), new TransformCode.LowRankFactor(3, 2))) {
      SegmentTransform transform = SegmentTransform.of(code, MANIFEST, MANIFEST.segments().get(0));
      float[] ofSum = roundTrip(transform, sum);
      float[] ofX = roundTrip(transform, x);
      float[] ofY = roundTrip(transform, y);
      for (int i = 0; i < sum.length; i++) {
        assertThat(ofSum[i]).isCloseTo(ofX[i] + ofY[i], within(1e-5f));
      }
    }
  }

  /** A tensor of three segments' length gives the factors that it would give uncut. */
  @Test
  void factorsDoNotDependOnWhereATensorIsCut() {
    ModelManifest cut = matrix(300_000 / 500, 500);
    ModelManifest uncut = matrix(200, 500);
    assertThat(cut.segments()).hasSizeGreaterThan(2);
    Segment second = cut.segments().get(1);
    float[] rows = random(second.length(), 9);
    TransformCode code = new TransformCode.LowRankFactor(1, 4);

    float[] ofCut = forward(SegmentTransform.of(code, cut, second), rows);
    float[] ofUncut =
        forward(
            SegmentTransform.of(code, uncut, uncut.segments().get(0)),
            Arrays.copyOf(rows, uncut.segments().get(0).length()));

    int shared = Math.min(ofCut.length, ofUncut.length);
    assertThat(slice(ofCut, 0, shared)).isEqualTo(slice(ofUncut, 0, shared));
  }

  /** Two rows of signs are parallel every other time: then they have one direction between them. */
  @Test
  void dependentColumnsOfTheFactorDoNoHarm() {
    for (long seed = 0; seed < 50; seed++) {
      LowRank lowRank =
          new LowRank(2, List.of(new LowRank.Piece(0, 4, 3, seed)), new RandomFactors());
      float[] x = random(12, seed);
      float[] projected = roundTrip(lowRank, x);
      assertThat(squares(projected)).isFinite().isLessThanOrEqualTo(squares(x) * 1.0001);
      assertThat(maxDifference(roundTrip(lowRank, projected), projected)).isLessThan(1e-5);
    }
  }

  private static ModelManifest matrix(int rows, int columns) {
    return Segmenter.manifest(
        "matrix",
        Map.of(),
        4,
        List.of(
            new BlockShape(
                "only", List.of(new TensorShape("m", List.of(rows, columns), Role.PARAMETER)))));
  }

  private static float[] forward(SegmentTransform transform, float[] x) {
    float[] coefficients = new float[transform.coefficients()];
    transform.forward(x, coefficients);
    return coefficients;
  }

  private static float[] inverse(SegmentTransform transform, float[] coefficients) {
    double[] work = new double[coefficients.length];
    for (int i = 0; i < work.length; i++) {
      work[i] = coefficients[i];
    }
    double[] values = new double[4 * Segment.MAX_LENGTH];
    transform.inverse(work, values);
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static float[] roundTrip(SegmentTransform transform, float[] x) {
    return slice(inverse(transform, forward(transform, x)), 0, x.length);
  }

  private static float[] slice(float[] x, int from, int to) {
    return Arrays.copyOfRange(x, from, to);
  }

  private static float[] random(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) (random.nextDouble() - 0.5);
    }
    return x;
  }

  private static double squares(float[] x) {
    double sum = 0;
    for (float value : x) {
      sum += (double) value * value;
    }
    return sum;
  }

  private static double maxDifference(float[] x, float[] y) {
    double most = 0;
    for (int i = 0; i < Math.min(x.length, y.length); i++) {
      most = Math.max(most, Math.abs(x[i] - y[i]));
    }
    return most;
  }
}
