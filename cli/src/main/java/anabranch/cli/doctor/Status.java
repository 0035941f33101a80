// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

/** How a check ended. Those further down outweigh those further up. */
public enum Status {
  /** Everything is as it should be. */
  OK("ok"),
  /** It could not be looked at; the finding says why. */
  NOT_CHECKED("not checked"),
  /** A job can run like this, and somebody should know. */
  WARNING("warning"),
  /** A job will fail, stand still or lose data like this. */
  FAILED("FAILED");

  private final String word;

  Status(String word) {
    this.word = word;
  }

  /** For people and for JSON. */
  public String word() {
    return word;
  }
}
