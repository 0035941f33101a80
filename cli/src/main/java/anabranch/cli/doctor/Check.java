// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

/** One thing that can be wrong before the first submission. */
interface Check {

  /** Two or three words, for people and for JSON. */
  String name();

  /**
   * Looks.
   *
   * @throws NotCheckedException if it cannot be looked at, for a reason that is no fault of its own
   */
  Finding examine(Examination examination) throws NotCheckedException;
}
