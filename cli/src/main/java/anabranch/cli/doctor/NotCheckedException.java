// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

/** Something cannot be looked at; the message says why. */
class NotCheckedException extends Exception {

  private static final long serialVersionUID = 1L;

  NotCheckedException(String reason) {
    super(reason);
  }

  NotCheckedException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
