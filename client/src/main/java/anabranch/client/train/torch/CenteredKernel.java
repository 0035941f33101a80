// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import java.util.OptionalDouble;

/**
 * The Gaussian kernel matrix of a batch, centred, for the Hilbert–Schmidt independence criterion of
 * two descriptions a and b of the same m samples: HSIC(a, b) = tr(K_a·H·K_b·H) / m² and
 *
 * <p>nHSIC(a, b) = HSIC(a, b) / √(HSIC(a, a)·HSIC(b, b)), from 0 to 1,
 *
 * <p>with K_ij = exp(−‖a_i − a_j‖² / s) and H = I − 11ᵀ/m (Ma, Lewis and Kleijn 2020,
 * arXiv:1908.01580). All in doubles. Since H·1 = 0, exp(·) − 1 serves as well as exp(·) and keeps
 * the digits that centring would cancel where all samples lie close together.
 */
final class CenteredKernel {

  /** Below this product of HSIC(a, a) and HSIC(b, b) one of them is as good as constant. */
  private static final double DEGENERATE = 1e-20;

  /** With two samples the criterion is 1 whatever they are. */
  private static final int FEWEST_SAMPLES = 3;

  private final int samples;
  private final double scale;
  private final double[] kernel;
  private final double[] centered;

  /**
   * @param squaredDistances of all pairs of samples, row-major
   * @param samples number m of them
   * @param scale s
   */
  CenteredKernel(double[] squaredDistances, int samples, double scale) {
    this.samples = samples;
    this.scale = scale;
    this.kernel = new double[samples * samples];
    double[] shifted = new double[samples * samples];
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] = Math.expm1(-squaredDistances[i] / scale);
      kernel[i] = shifted[i] + 1;
    }
    this.centered = center(shifted, samples);
  }

  /**
   * Of rows of features, by their inner products.
   *
   * @param gram inner products of all pairs of rows, row-major
   */
  static CenteredKernel ofGram(float[] gram, int samples, double scale) {
    double[] squaredDistances = new double[samples * samples];
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < i; j++) {
        double twice = (double) gram[i * samples + j] + gram[j * samples + i];
        double lengths = (double) gram[i * samples + i] + gram[j * samples + j];
        // Rounding may make the distance of equal rows negative.
        double distance = Math.max(0, lengths - twice);
        squaredDistances[i * samples + j] = distance;
        squaredDistances[j * samples + i] = distance;
      }
    }
    return new CenteredKernel(squaredDistances, samples, scale);
  }

  /** Of labels as one-hot rows. */
  static CenteredKernel ofLabels(int[] labels, double scale) {
    int samples = labels.length;
    double[] squaredDistances = new double[samples * samples];
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < samples; j++) {
        squaredDistances[i * samples + j] = labels[i] == labels[j] ? 0 : 2;
      }
    }
    return new CenteredKernel(squaredDistances, samples, scale);
  }

  private static double[] center(double[] matrix, int samples) {
    double[] rows = new double[samples];
    double[] columns = new double[samples];
    double all = 0;
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < samples; j++) {
        double value = matrix[i * samples + j] / samples;
        rows[i] += value;
        columns[j] += value;
        all += value / samples;
      }
    }
    double[] centered = new double[matrix.length];
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < samples; j++) {
        centered[i * samples + j] = matrix[i * samples + j] - rows[i] - columns[j] + all;
      }
    }
    return centered;
  }

  /** HSIC, at least 0 up to rounding. */
  double hsic(CenteredKernel other) {
    double sum = 0;
    for (int i = 0; i < centered.length; i++) {
      sum += centered[i] * other.centered[i];
    }
    return sum / ((double) samples * samples);
  }

  /** nHSIC; empty where it is 0/0: one side is constant, or there are fewer than 3 samples. */
  OptionalDouble normalized(CenteredKernel other) {
    double product = hsic(this) * other.hsic(other);
    return samples < FEWEST_SAMPLES || !(product >= DEGENERATE)
        ? OptionalDouble.empty()
        : OptionalDouble.of(hsic(other) / Math.sqrt(product));
  }

  /**
   * The matrix M with ∂nHSIC(this, other)/∂Z = M·Z, where Z are the rows that this kernel is of.
   * Its rows add up to 0, so Z may be shifted.
   *
   * @param other is held fixed; {@link #normalized} is not empty for it
   * @return samples × samples, row-major
   */
  float[] gradientFactor(CenteredKernel other) {
    double norm = Math.sqrt(hsic(this));
    double otherNorm = Math.sqrt(other.hsic(other));
    double value = hsic(other) / (norm * otherNorm);
    double perElement = 4 / (scale * samples * samples);
    float[] factor = new float[kernel.length];
    for (int i = 0; i < samples; i++) {
      double row = 0;
      for (int j = 0; j < samples; j++) {
        int at = i * samples + j;
        double slope =
            (other.centered[at] / otherNorm - value * centered[at] / norm) / norm * kernel[at];
        if (i != j) {
          factor[at] = (float) (slope * perElement);
          row += slope;
        }
      }
      factor[i * samples + i] = (float) (-row * perElement);
    }
    return factor;
  }
}
