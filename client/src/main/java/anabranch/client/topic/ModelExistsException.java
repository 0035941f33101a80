// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

/** A federation that was to be given its first model has one; the message says what to do. */
public final class ModelExistsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelExistsException(String message) {
    super(message);
  }
}
