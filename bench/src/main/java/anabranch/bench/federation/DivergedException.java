// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.federation;

/** The training of a client has left the numbers that a model may hold. */
public final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DivergedException(String message) {
    super(message);
  }

  DivergedException(String message, Throwable cause) {
    super(message, cause);
  }
}
