// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.broker;

/** A local broker did not come up; the message says why and what to do. */
public final class BrokerStartException extends RuntimeException {

  BrokerStartException(String message) {
    super(message);
  }

  BrokerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
