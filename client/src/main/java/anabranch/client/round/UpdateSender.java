// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.state.EncodedParts;

/** Where a client gives its updates to. */
public interface UpdateSender {

  /**
   * Returns when the federation has taken all parts.
   *
   * @return bytes of the records' values
   * @throws org.apache.kafka.common.KafkaException if it did not; some parts may be there
   */
  long send(EncodedParts parts) throws InterruptedException;
}
