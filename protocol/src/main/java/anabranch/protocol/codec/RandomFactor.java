// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

/**
 * The random A of a low-rank transform: signs over √r, one row for each column of the matrix. Not
 * safe for several threads.
 */
final class RandomFactor {

  /** A pivot this much smaller than the others means a column that others span. */
  static final double SINGULAR = 1e-9;

  private final long seed;
  private final int columns;
  private final int rank;
  private final float[] signs;

  /** Null until it is asked for. */
  private double[] leftInverse;

  /**
   * @param seed of the signs
   * @param columns of the matrix, rows of A
   * @param rank columns of A
   */
  RandomFactor(long seed, int columns, int rank) {
    this.seed = seed;
    this.columns = columns;
    this.rank = rank;
    this.signs = new float[Math.multiplyExact(columns, rank)];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = SplitMix64.longAt(seed, i) < 0 ? -1 : 1;
    }
  }

  boolean is(long otherSeed, int otherColumns, int otherRank) {
    return seed == otherSeed && columns == otherColumns && rank == otherRank;
  }

  /** A times √r, row by row; not to be changed. */
  float[] signs() {
    return signs;
  }

  /** {@code A·(AᵀA)⁻¹}, as many rows as A; not to be changed. */
  double[] leftInverse() {
    if (leftInverse == null) {
      leftInverse = invert();
    }
    return leftInverse;
  }

  private double[] invert() {
    double[] inverse = invertGram();
    double[] product = new double[signs.length];
    double scale = 1 / Math.sqrt(rank);
    for (int c = 0; c < columns; c++) {
      for (int j = 0; j < rank; j++) {
        double sum = 0;
        for (int k = 0; k < rank; k++) {
          sum += signs[c * rank + k] * inverse[k * rank + j];
        }
        product[c * rank + j] = sum * scale;
      }
    }
    return product;
  }

  /**
   * {@code (AᵀA)⁻¹} by Gauss and Jordan. Where signs happen to be linearly dependent the column
   * that others span gets no coefficient.
   */
  private double[] invertGram() {
    double[] gram = new double[rank * rank];
    for (int c = 0; c < columns; c++) {
      for (int j = 0; j < rank; j++) {
        for (int k = 0; k < rank; k++) {
          gram[j * rank + k] += signs[c * rank + j] * signs[c * rank + k] / rank;
        }
      }
    }
    double[] inverse = new double[rank * rank];
    for (int j = 0; j < rank; j++) {
      inverse[j * rank + j] = 1;
    }
    double threshold = SINGULAR * columns / rank;
    for (int pivot = 0; pivot < rank; pivot++) {
      if (gram[pivot * rank + pivot] > threshold) {
        eliminate(gram, inverse, pivot);
      } else {
        clear(gram, inverse, pivot);
      }
    }
    return inverse;
  }

  private void eliminate(double[] gram, double[] inverse, int pivot) {
    double divisor = gram[pivot * rank + pivot];
    for (int k = 0; k < rank; k++) {
      gram[pivot * rank + k] /= divisor;
      inverse[pivot * rank + k] /= divisor;
    }
    for (int row = 0; row < rank; row++) {
      double factor = gram[row * rank + pivot];
      if (row != pivot && factor != 0) {
        for (int k = 0; k < rank; k++) {
          gram[row * rank + k] -= factor * gram[pivot * rank + k];
          inverse[row * rank + k] -= factor * inverse[pivot * rank + k];
        }
      }
    }
  }

  private void clear(double[] gram, double[] inverse, int pivot) {
    for (int k = 0; k < rank; k++) {
      gram[pivot * rank + k] = 0;
      gram[k * rank + pivot] = 0;
      inverse[pivot * rank + k] = 0;
      inverse[k * rank + pivot] = 0;
    }
  }
}
