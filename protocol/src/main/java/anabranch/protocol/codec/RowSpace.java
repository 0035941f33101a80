// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import java.util.Arrays;

/**
 * A run of elements that is a matrix with all rows in the space that the columns of a random A
 * span: what a low-rank transform can express.
 *
 * @param from first element
 * @param rows of the matrix
 * @param columns of the matrix, more than {@code rank}
 * @param rank columns of A
 * @param seed of A
 */
public record RowSpace(int from, int rows, int columns, int rank, long seed) {

  /**
   * An orthonormal basis Q of the space, so that {@code G·QᵀQ} is the part of a matrix G that lies
   * in it.
   *
   * @return vectors of {@code columns} elements, one behind the other; {@code rank} of them, fewer
   *     where columns of A are linearly dependent
   */
  public float[] basis() {
    float[] signs = new RandomFactor(seed, columns, rank).signs();
    double[][] basis = new double[rank][];
    int found = 0;
    for (int j = 0; j < rank; j++) {
      double[] vector = new double[columns];
      for (int c = 0; c < columns; c++) {
        vector[c] = signs[c * rank + j];
      }
      // Once more for what the first time left by rounding.
      removeParts(vector, basis, found);
      removeParts(vector, basis, found);
      double squares = dot(vector, vector);
      if (squares > RandomFactor.SINGULAR * columns) {
        scale(vector, 1 / Math.sqrt(squares));
        basis[found++] = vector;
      }
    }
    float[] flat = new float[found * columns];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) basis[i / columns][i % columns];
    }
    return flat;
  }

  private static void removeParts(double[] vector, double[][] basis, int count) {
    for (double[] unit : Arrays.asList(basis).subList(0, count)) {
      double part = dot(vector, unit);
      for (int c = 0; c < vector.length; c++) {
        vector[c] -= part * unit[c];
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += a[c] * b[c];
    }
    return sum;
  }

  private static void scale(double[] vector, double factor) {
    for (int c = 0; c < vector.length; c++) {
      vector[c] *= factor;
    }
  }
}
