// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import java.util.stream.Stream;

/**
 * Whether ND4J is where it is needed. A federation that reports similarity is refused at submission
 * without it on the submitter's class path, and fails without it on a TaskManager.
 */
final class Nd4jPresenceCheck implements Check {

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    if (!examination.config().reportSimilarity()) {
      return Finding.ok(name(), "not needed: report.similarity is false");
    }
    Problems problems = new Problems();
    ProcessView.complaints(
            examination.flink().processes(), report -> Stream.ofNullable(report.nd4jProblem()))
        .forEach((complaint, names) -> problems.failed("missing on " + names, complaint));
    return problems.orOk(name(), "in lib/ of the JobManager and of all TaskManagers");
  }
}
