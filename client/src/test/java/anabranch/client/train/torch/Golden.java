// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

/**
 * A batch of four samples with values and gradients of nHSIC that the authors' own PyTorch code
 * gives for it.
 */
final class Golden {

  static final double[][] X = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 1}};
  static final double[][] Z = {{0, 1}, {1, 1}, {0, 2}, {2, 3}};
  static final int[] LABELS = {0, 0, 1, 1};
  static final float[][] LOGITS = {{2, 0}, {1, 0}, {0, 1}, {0, 3}};
  static final double CROSS_ENTROPY = 0.200510;

  private Golden() {}

  static CenteredKernel kernelOfX(double width) {
    return CenteredKernel.ofGram(gram(X), 4, 2 * width * width * 3);
  }

  static CenteredKernel kernelOfY(double width) {
    return CenteredKernel.ofLabels(LABELS, 2 * width * width * 2);
  }

  static CenteredKernel kernelOfZ(double width) {
    return CenteredKernel.ofGram(gram(Z), 4, 2 * width * width * 2);
  }

  static float[] flat(double[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) rows[i / rows[0].length][i % rows[0].length];
    }
    return flat;
  }

  static double[] gradientByX(int width) {
    return width == 5
        ? new double[] {
          -0.007557, -0.007557, 0.099663, -0.043145, -0.043145, 0.099663, -0.048961, -0.048961
        }
        : new double[] {
          -0.024621, -0.024621, 0.101150, -0.037230, -0.037230, 0.101150, -0.039299, -0.039299
        };
  }

  static double[] gradientByY(int width) {
    return width == 5
        ? new double[] {
          0.066101, -0.156425, -0.076231, -0.240081, 0.187521, 0.360097, -0.177392, 0.036409
        }
        : new double[] {
          0.141551, -0.208391, -0.093706, -0.179497, 0.077976, 0.384973, -0.125822, 0.002915
        };
  }

  private static float[] gram(double[][] rows) {
    float[] gram = new float[rows.length * rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows.length; j++) {
        for (int k = 0; k < rows[0].length; k++) {
          gram[i * rows.length + j] += (float) (rows[i][k] * rows[j][k]);
        }
      }
    }
    return gram;
  }
}
