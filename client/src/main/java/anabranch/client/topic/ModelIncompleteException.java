// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

/**
 * A version of the model is not whole on the topic, or its bytes are not those that were announced.
 * It may be whole a moment later, and a newer announcement makes it needless: try again.
 */
public final class ModelIncompleteException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelIncompleteException(String message) {
    super(message);
  }
}
