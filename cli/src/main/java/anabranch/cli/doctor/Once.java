// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

/** Something that several checks need and that is asked for once, by the first of them. */
final class Once<T> {

  /** Where it comes from. */
  interface Question<T> {
    T ask() throws NotCheckedException;
  }

  private final Question<T> question;
  private T answer;
  private NotCheckedException refusal;

  Once(Question<T> question) {
    this.question = question;
  }

  /** The answer, or the reason why there is none: the same at every call. */
  T get() throws NotCheckedException {
    if (answer == null && refusal == null) {
      try {
        answer = question.ask();
      } catch (NotCheckedException e) {
        refusal = e;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    return answer;
  }

  /** Whether there is an answer already. */
  boolean isKnown() {
    return answer != null;
  }
}
