// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import anabranch.protocol.model.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Matrices as {@code H = B·Aᵀ} with a random A that both sides draw, so that only B travels
 * (Konečný et al., arXiv 1610.05492, section 3.1). A matrix is a run of whole rows of a tensor
 * whose rows are longer than the rank; everything else is its own coefficients. A depends on the
 * tensor alone, so where a tensor is cut into segments makes no difference.
 *
 * <p>The coefficients of a matrix are {@code B = H·A·(AᵀA)⁻¹}, the left inverse: for an update that
 * was trained in the row space of Aᵀ that is exact, for any other it is the nearest.
 */
final class LowRank implements SegmentTransform {

  /**
   * A run of elements.
   *
   * @param from first element in the segment
   * @param rows of the matrix; for elements that are their own coefficients, their number
   * @param columns of the matrix; 0 for elements that are their own coefficients
   * @param seed of A
   */
  record Piece(int from, int rows, int columns, long seed) {

    int coefficients(int rank) {
      return columns == 0 ? rows : rows * rank;
    }
  }

  private final int rank;
  private final List<Piece> pieces;
  private final RandomFactors factors;
  private final int coefficients;

  LowRank(int rank, List<Piece> pieces, RandomFactors factors) {
    this.rank = rank;
    this.pieces = pieces;
    this.factors = factors;
    this.coefficients = pieces.stream().mapToInt(piece -> piece.coefficients(rank)).sum();
  }

  static LowRank of(
      ModelManifest manifest, Segment segment, long seed, int rank, RandomFactors factors) {
    if (rank < 1) {
      throw new IllegalArgumentException("a low-rank factor has at least 1 column, not " + rank);
    }
    List<Piece> pieces = new ArrayList<>();
    int end = segment.offset() + segment.length();
    for (Tensor tensor : manifest.blocks().get(segment.block()).tensors()) {
      int from = Math.max(tensor.offset(), segment.offset());
      int to = tensor.role().travels() ? Math.min(tensor.offset() + tensor.size(), end) : from;
      if (from < to) {
        long own = SplitMix64.longAt(SplitMix64.longAt(seed, segment.block()), tensor.offset());
        pieces.add(piece(tensor, from, to, segment.offset(), rank, own));
      }
    }
    return new LowRank(rank, pieces, factors);
  }

  private static Piece piece(Tensor tensor, int from, int to, int origin, int rank, long seed) {
    int columns = tensor.shape().isEmpty() ? 1 : tensor.size() / tensor.shape().get(0);
    boolean wholeRows =
        (from - tensor.offset()) % columns == 0 && (to - tensor.offset()) % columns == 0;
    return wholeRows && columns > rank
        ? new Piece(from - origin, (to - from) / columns, columns, seed)
        : new Piece(from - origin, to - from, 0, seed);
  }

  @Override
  public List<RowSpace> rowSpaces() {
    return pieces.stream()
        .filter(piece -> piece.columns > 0)
        .map(piece -> new RowSpace(piece.from, piece.rows, piece.columns, rank, piece.seed))
        .toList();
  }

  @Override
  public int coefficients() {
    return coefficients;
  }

  @Override
  public void forward(float[] values, float[] coefficients) {
    int at = 0;
    for (Piece piece : pieces) {
      if (piece.columns == 0) {
        System.arraycopy(values, piece.from, coefficients, at, piece.rows);
      } else {
        project(values, piece, factor(piece).leftInverse(), coefficients, at);
      }
      at += piece.coefficients(rank);
    }
  }

  private void project(
      float[] values, Piece piece, double[] inverse, float[] coefficients, int at) {
    double[] row = new double[rank];
    for (int i = 0; i < piece.rows; i++) {
      Arrays.fill(row, 0);
      for (int c = 0; c < piece.columns; c++) {
        double value = values[piece.from + i * piece.columns + c];
        for (int j = 0; j < rank; j++) {
          row[j] += value * inverse[c * rank + j];
        }
      }
      for (int j = 0; j < rank; j++) {
        coefficients[at + i * rank + j] = (float) row[j];
      }
    }
  }

  @Override
  public void inverse(double[] coefficients, double[] values) {
    double[] factors = coefficients == values ? coefficients.clone() : coefficients;
    double scale = 1 / Math.sqrt(rank);
    int at = 0;
    for (Piece piece : pieces) {
      if (piece.columns == 0) {
        System.arraycopy(factors, at, values, piece.from, piece.rows);
      } else {
        float[] signs = factor(piece).signs();
        for (int i = 0; i < piece.rows; i++) {
          for (int c = 0; c < piece.columns; c++) {
            double sum = 0;
            for (int j = 0; j < rank; j++) {
              sum += factors[at + i * rank + j] * signs[c * rank + j];
            }
            values[piece.from + i * piece.columns + c] = sum * scale;
          }
        }
      }
      at += piece.coefficients(rank);
    }
  }

  private RandomFactor factor(Piece piece) {
    return factors.of(piece.seed, piece.columns, rank);
  }
}
