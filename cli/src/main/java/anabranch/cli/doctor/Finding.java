// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

/**
 * What a check found.
 *
 * @param check its name
 * @param status how it ended
 * @param found what there is, in one line
 * @param advice what to do about it, in one line; empty when there is nothing to do
 */
public record Finding(String check, Status status, String found, String advice) {

  static Finding ok(String check, String found) {
    return new Finding(check, Status.OK, found, "");
  }

  static Finding failed(String check, String found, String advice) {
    return new Finding(check, Status.FAILED, found, advice);
  }

  static Finding notChecked(String check, String reason) {
    return new Finding(check, Status.NOT_CHECKED, reason, "");
  }
}
