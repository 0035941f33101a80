// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RowSpaceTest {

  /** A matrix of 5 rows of 12, and a bias. */
  private static final ModelManifest MANIFEST =
      Segmenter.manifest(
          "custom",
          Map.of(),
          4,
          List.of(
              new BlockShape(
                  "block",
                  List.of(
                      new TensorShape("b", List.of(5), Role.PARAMETER),
                      new TensorShape("w", List.of(5, 12), Role.PARAMETER)))));

  private static final Segment SEGMENT = MANIFEST.segments().get(0);
  private static final SegmentTransform LOW_RANK =
      SegmentTransform.of(new TransformCode.LowRankFactor(7, 3), MANIFEST, SEGMENT);

  @Test
  void basisIsOrthonormal() {
    RowSpace space = LOW_RANK.rowSpaces().get(0);
    float[] basis = space.basis();

    assertThat(basis).hasSize(3 * 12);
    for (int j = 0; j < 3; j++) {
      for (int k = 0; k < 3; k++) {
        double dot = 0;
        for (int c = 0; c < 12; c++) {
          dot += basis[j * 12 + c] * basis[k * 12 + c];
        }
        assertThat(dot).isCloseTo(j == k ? 1 : 0, within(1e-6));
      }
    }
  }

  @Test
  void partInTheSpaceIsWhatTheTransformGivesBack() {
    float[] values = new float[65];
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
    }
    float[] coefficients = new float[LOW_RANK.coefficients()];
    LOW_RANK.forward(values, coefficients);
    double[] given = new double[65];
    for (int i = 0; i < coefficients.length; i++) {
      given[i] = coefficients[i];
    }
    LOW_RANK.inverse(given, given);

    RowSpace space = LOW_RANK.rowSpaces().get(0);
    assertThat(List.of(space.from(), space.rows(), space.columns())).containsExactly(5, 5, 12);
    float[] basis = space.basis();
    for (int row = 0; row < 5; row++) {
      double[] part = new double[12];
      for (int j = 0; j < 3; j++) {
        double dot = 0;
        for (int c = 0; c < 12; c++) {
          dot += values[5 + row * 12 + c] * basis[j * 12 + c];
        }
        for (int c = 0; c < 12; c++) {
          part[c] += dot * basis[j * 12 + c];
        }
      }
      for (int c = 0; c < 12; c++) {
        assertThat(part[c]).isCloseTo(given[5 + row * 12 + c], within(1e-6));
      }
    }
  }

  @Test
  void dependentColumnsCountOnce() {
    // Of two columns of three signs, every fourth pair is parallel.
    long parallel = 0;
    for (long seed = 0; seed < 100; seed++) {
      int vectors = new RowSpace(0, 1, 3, 2, seed).basis().length / 3;
      assertThat(vectors).isBetween(1, 2);
      parallel += 2 - vectors;
    }
    assertThat(parallel).isBetween(10L, 40L);
  }

  @Test
  void otherTransformsHaveNone() {
    assertThat(SegmentTransform.of(new TransformCode.Plain(), MANIFEST, SEGMENT).rowSpaces())
        .isEmpty();
    assertThat(SegmentTransform.of(new TransformCode.Rotated(1), MANIFEST, SEGMENT).rowSpaces())
        .isEmpty();
  }
}
