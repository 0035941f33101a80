// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.protocol.message.Ledger;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;

/**
 * What came of a quickstart. Its components are the keys of the JSON object, in this order.
 *
 * @param accuracy on the test data, in [0, 1], mean of the last three evaluated versions
 * @param rounds completed
 * @param seconds from the JVM's start to the end of the training
 * @param firstRoundSeconds from the JVM's start to the first round's line
 * @param uplinkBytes stored for all clients on {@code <f>.clients} and {@code <f>.updates}
 * @param uplinkDenseBytes the same if all updates were dense float32
 * @param downlinkBytes that clients had to read, over all of them
 * @param updates where each consumed record of {@code <f>.updates} ended
 * @param modelSha256 of the model's file, in hexadecimal digits
 * @param webUi address of Flink's web UI
 * @param auc area under the ROC curve on the test data, in [0, 1], mean of the last three evaluated
 *     versions; null, and no key, where the data set is not judged by it
 * @param localOnlyAuc mean of the models that clients trained alone, each after its best round;
 *     null with {@code auc}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuickstartResult(
    double accuracy,
    long rounds,
    double seconds,
    double firstRoundSeconds,
    long uplinkBytes,
    long uplinkDenseBytes,
    long downlinkBytes,
    Ledger updates,
    String modelSha256,
    String webUi,
    Double auc,
    Double localOnlyAuc) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The result as one line of JSON. */
  public String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
