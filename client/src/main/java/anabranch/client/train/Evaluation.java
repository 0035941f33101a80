// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

import java.util.OptionalDouble;

/**
 * How a model does on a data set.
 *
 * @param loss mean cross entropy, in nats
 * @param accuracy share of samples whose greatest logit is that of their class, 0 to 1
 * @param auc area under the ROC curve of class 1 against class 0, 0 to 1; empty unless there are
 *     two classes and samples of both
 * @param samples number of samples
 */
public record Evaluation(double loss, double accuracy, OptionalDouble auc, int samples) {

  /**
   * The figure to compare models by: the AUC where there is one, since with rare positives a model
   * that never finds any is accurate; else the accuracy.
   */
  public double score() {
    return auc.orElse(accuracy);
  }
}
