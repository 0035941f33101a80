// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How clients are asked to train.
 *
 * @param epochs passes over the client's samples, at least 1
 * @param batchSize samples a step, at least 1
 * @param learningRate step size of the client's optimizer, above 0
 * @param momentum of the client's optimizer, in [0, 1)
 * @param proximal μ of the FedProx term μ/2·‖w − w_global‖², at least 0
 * @param extra what a user's own trainer needs, as text
 */
public record TrainingSettings(
    int epochs,
    int batchSize,
    double learningRate,
    double momentum,
    double proximal,
    Map<String, String> extra)
    implements Serializable {

  /**
   * Samples of the largest batch for which clients compute nHSIC: its kernels take memory that
   * grows with the square of the batch, some 80 bytes of heap for a pair.
   */
  public static final int MOST_SAMPLES_OF_NHSIC = 1024;

  public TrainingSettings {
    // Sorted, so that equal settings print alike in every JVM: plan ids are made from the text.
    extra = Collections.unmodifiableMap(new TreeMap<>(extra));
  }
}
