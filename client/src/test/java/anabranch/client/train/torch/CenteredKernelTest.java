// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CenteredKernelTest {

  private static final Offset<Double> CLOSE = within(1e-6);

  @Test
  void criterionOfTheGoldenBatchWithWidthFive() {
    CenteredKernel x = Golden.kernelOfX(5);
    CenteredKernel y = Golden.kernelOfY(5);
    CenteredKernel z = Golden.kernelOfZ(5);

    assertThat(x.hsic(x)).isCloseTo(3.890090e-05, within(1e-10));
    assertThat(y.hsic(y)).isCloseTo(9.802313e-05, within(1e-10));
    assertThat(z.hsic(z)).isCloseTo(4.948701e-04, within(1e-9));
    assertThat(x.hsic(z)).isCloseTo(1.297392e-04, within(1e-9));
    assertThat(y.hsic(z)).isCloseTo(1.196557e-04, within(1e-9));
    assertThat(x.hsic(y)).isCloseTo(4.089737e-05, within(1e-10));
    assertThat(z.normalized(x)).hasValueCloseTo(0.935074, CLOSE);
    assertThat(z.normalized(y)).hasValueCloseTo(0.543280, CLOSE);
    assertThat(x.normalized(y)).hasValueCloseTo(0.662295, CLOSE);
  }

  @Test
  void criterionOfTheGoldenBatchWithWidthOne() {
    CenteredKernel x = Golden.kernelOfX(1);
    CenteredKernel y = Golden.kernelOfY(1);
    CenteredKernel z = Golden.kernelOfZ(1);

    assertThat(x.hsic(x)).isCloseTo(1.636034e-02, within(1e-8));
    assertThat(y.hsic(y)).isCloseTo(3.870453e-02, within(1e-8));
    assertThat(z.hsic(z)).isCloseTo(7.738916e-02, within(1e-8));
    assertThat(z.normalized(x)).hasValueCloseTo(0.958757, CLOSE);
    assertThat(z.normalized(y)).hasValueCloseTo(0.565323, CLOSE);
  }

  @Test
  void gradientOfTheGoldenBatch() {
    for (int width : new int[] {5, 1}) {
      CenteredKernel z = Golden.kernelOfZ(width);

      assertThat(times(z.gradientFactor(Golden.kernelOfX(width)), Golden.Z))
          .as("by X, width %d", width)
          .containsExactly(Golden.gradientByX(width), CLOSE);
      assertThat(times(z.gradientFactor(Golden.kernelOfY(width)), Golden.Z))
          .as("by Y, width %d", width)
          .containsExactly(Golden.gradientByY(width), CLOSE);
    }
  }

  @Test
  void gradientIsTheSlopeOfTheValue() {
    SplittableRandom random = new SplittableRandom(3);
    double[][] z = rows(random, 12, 5);
    CenteredKernel x = kernel(rows(random, 12, 7), 5);
    double[] gradient = times(kernel(z, 5).gradientFactor(x), z);
    double step = 1e-4;
    for (int i = 0; i < 12; i++) {
      for (int k = 0; k < 5; k++) {
        double value = z[i][k];
        z[i][k] = value + step;
        double above = kernel(z, 5).normalized(x).orElseThrow();
        z[i][k] = value - step;
        double below = kernel(z, 5).normalized(x).orElseThrow();
        z[i][k] = value;
        assertThat(gradient[5 * i + k]).isCloseTo((above - below) / (2 * step), within(1e-7));
      }
    }
  }

  @Test
  void valueLiesBetweenZeroAndOneAndIsOneForTheSameRows() {
    SplittableRandom random = new SplittableRandom(4);
    for (int samples : new int[] {3, 8, 40}) {
      CenteredKernel a = kernel(rows(random, samples, 6), 5);
      CenteredKernel b = kernel(rows(random, samples, 9), 5);

      assertThat(a.normalized(b).orElseThrow()).isBetween(0.0, 1.0);
      assertThat(a.normalized(b).orElseThrow())
          .isCloseTo(b.normalized(a).orElseThrow(), within(1e-12));
      assertThat(a.normalized(a)).hasValueCloseTo(1.0, within(1e-12));
    }
  }

  @Test
  void digitsSurviveWhereAllRowsLieCloseTogether() {
    SplittableRandom random = new SplittableRandom(5);
    double[][] rows = rows(random, 16, 6);
    CenteredKernel other = kernel(rows(random, 16, 6), 5);

    // There the kernel is as good as linear, so a common factor cancels.
    double close = kernel(times(0.01, rows), 5).normalized(other).orElseThrow();
    double closer = kernel(times(0.005, rows), 5).normalized(other).orElseThrow();

    assertThat(closer).isCloseTo(close, within(1e-6));
  }

  private static double[][] times(double factor, double[][] rows) {
    return Arrays.stream(rows)
        .map(row -> Arrays.stream(row).map(value -> factor * value).toArray())
        .toArray(double[][]::new);
  }

  @Test
  void undefinedForOneLabelForConstantRowsAndForTwoSamples() {
    CenteredKernel z = Golden.kernelOfZ(5);

    assertThat(z.normalized(CenteredKernel.ofLabels(new int[] {1, 1, 1, 1}, 100))).isEmpty();
    assertThat(CenteredKernel.ofGram(new float[16], 4, 100).normalized(z)).isEmpty();
    double[][] two = {{0, 1}, {2, 3}};
    assertThat(kernel(two, 5).normalized(kernel(two, 5))).isEmpty();
  }

  private static double[][] rows(SplittableRandom random, int samples, int features) {
    double[][] rows = new double[samples][features];
    for (double[] row : rows) {
      for (int k = 0; k < features; k++) {
        row[k] = 2 * random.nextDouble() - 1;
      }
    }
    return rows;
  }

  private static CenteredKernel kernel(double[][] rows, double width) {
    int samples = rows.length;
    double[] squaredDistances = new double[samples * samples];
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < samples; j++) {
        for (int k = 0; k < rows[i].length; k++) {
          double difference = rows[i][k] - rows[j][k];
          squaredDistances[i * samples + j] += difference * difference;
        }
      }
    }
    return new CenteredKernel(squaredDistances, samples, 2 * width * width * rows[0].length);
  }

  private static double[] times(float[] factor, double[][] rows) {
    int samples = rows.length;
    int features = rows[0].length;
    double[] product = new double[samples * features];
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < samples; j++) {
        for (int k = 0; k < features; k++) {
          product[i * features + k] += factor[i * samples + j] * rows[j][k];
        }
      }
    }
    return product;
  }
}
