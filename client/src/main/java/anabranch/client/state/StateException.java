// SPDX-License-Identifier: Apache-2.0
package anabranch.client.state;

/** A client's state cannot be used: the message says which file, why, and what to do. */
public final class StateException extends RuntimeException {

  StateException(String message) {
    super(message);
  }

  StateException(String message, Throwable cause) {
    super(message, cause);
  }
}
