// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gathers what is wrong in one check; the worst decides. */
final class Problems {

  private final List<String> found = new ArrayList<>();
  private final Set<String> advice = new LinkedHashSet<>();
  private Status worst = Status.OK;

  void failed(String what, String todo) {
    add(Status.FAILED, what, todo);
  }

  void warning(String what, String todo) {
    add(Status.WARNING, what, todo);
  }

  private void add(Status status, String what, String todo) {
    worst = status.compareTo(worst) > 0 ? status : worst;
    found.add(what);
    advice.add(todo);
  }

  /**
   * All of it in one finding.
   *
   * @param otherwise what was found, for when nothing is wrong
   */
  Finding orOk(String check, String otherwise) {
    return found.isEmpty()
        ? Finding.ok(check, otherwise)
        : new Finding(check, worst, String.join("; ", found), String.join("; ", advice));
  }
}
