// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.similarity;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How similar the updates of a round were: the cosines of all pairs, by one Gram matrix of their
 * sketches. It is for people alone. What a BLAS computes depends on its blocking and threads, so
 * nothing of it enters the model.
 *
 * <p>This is the one class that needs ND4J, and it is loaded only where {@code report.similarity}
 * is on.
 *
 * @param mean over all pairs of different clients, in [−1, 1]; 0 with fewer than two
 * @param ofClient for each client, in the given order, the mean of its cosines with the others
 */
public record SimilarityReport(double mean, double[] ofClient) {

  /**
   * @param sketches one for each client, all of the same length
   */
  public static SimilarityReport of(List<float[]> sketches) {
    int clients = sketches.size();
    if (clients < 2) {
      return new SimilarityReport(0, new double[clients]);
    }
    try (INDArray rows = Nd4j.create(sketches.toArray(float[][]::new));
        INDArray norms = rows.norm2(true, 1);
        INDArray safeNorms = norms.add(Float.MIN_NORMAL);
        INDArray unit = rows.divColumnVector(safeNorms);
        INDArray transposed = unit.transpose();
        INDArray cosines = unit.mmul(transposed);
        INDArray sums = cosines.sum(1);
        INDArray diagonal = Nd4j.diag(cosines)) {
      double[] ofClient = new double[clients];
      double total = 0;
      for (int i = 0; i < clients; i++) {
        ofClient[i] = (sums.getDouble(i) - diagonal.getDouble(i)) / (clients - 1);
        total += ofClient[i];
      }
      return new SimilarityReport(total / clients, ofClient);
    }
  }
}
