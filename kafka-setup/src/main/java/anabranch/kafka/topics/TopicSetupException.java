// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

/** The cluster could not be asked or did not obey; the message says why and what to do. */
public final class TopicSetupException extends RuntimeException {

  TopicSetupException(String message, Throwable cause) {
    super(message, cause);
  }
}
