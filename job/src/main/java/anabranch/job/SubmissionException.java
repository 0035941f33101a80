// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

/** The job cannot be submitted; the message says what is missing and what to do. */
public final class SubmissionException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SubmissionException(String message) {
    super(message);
  }

  public SubmissionException(String message, Throwable cause) {
    super(message, cause);
  }
}
