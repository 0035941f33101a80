// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;
import java.util.List;

/**
 * The loss of a network with several exits, after DepthFL (Kim et al. 2023): each exit i of n with
 * the class probabilities p_i learns from the labels and from the other exits,
 *
 * <pre>Σ_i ( CE_i + w/(n − 1) · Σ_{j≠i} KL(p_j ‖ p_i) )</pre>
 *
 * <p>The teacher p_j gets no gradient. The temperature is 1, as in the authors' code.
 *
 * @param weight w, at least 0
 */
record MutualDistillation(double weight) {

  /** What the only exit of a network learns: nothing but the labels. */
  static final MutualDistillation NONE = new MutualDistillation(0);

  /** Mean softmax cross entropy of logits (batch, classes), in nats. */
  static NDArray crossEntropy(NDArray logits, NDArray labels) {
    return Loss.softmaxCrossEntropyLoss().evaluate(new NDList(labels), new NDList(logits));
  }

  /**
   * The loss of a batch.
   *
   * @param deepest cross entropy of the last exit, which is all if there is no other
   * @param exits logits (batch, classes) of each
   * @param labels of the batch
   */
  NDArray addTo(NDArray deepest, List<NDArray> exits, NDArray labels) {
    NDArray loss = deepest;
    for (NDArray shallower : exits.subList(0, exits.size() - 1)) {
      loss = loss.add(crossEntropy(shallower, labels));
    }
    if (weight == 0 || exits.size() == 1) {
      return loss;
    }
    List<NDArray> students = exits.stream().map(logits -> logits.logSoftmax(1)).toList();
    List<NDArray> teachers = students.stream().map(NDArray::stopGradient).toList();
    // A double would make a double of a scalar.
    float share = (float) (weight / (exits.size() - 1) / labels.size());
    for (int i = 0; i < students.size(); i++) {
      for (int j = 0; j < teachers.size(); j++) {
        if (i != j) {
          NDArray teacher = teachers.get(j);
          NDArray divergence = teacher.exp().mul(teacher.sub(students.get(i))).sum();
          loss = loss.add(divergence.mul(share));
        }
      }
    }
    return loss;
  }
}
