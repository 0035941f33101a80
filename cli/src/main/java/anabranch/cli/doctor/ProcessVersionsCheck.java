// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.job.doctor.NodeReport;
import java.util.TreeSet;

/**
 * Whether all processes of the cluster run one Flink on a Java that the job is tested with. A
 * machine that an upgrade forgot fails the job whenever a task lands there.
 */
final class ProcessVersionsCheck implements Check {

  private static final int NEWEST_JAVA = 21;

  @Override
  public String name() {
    return "versions";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    Problems problems = new Problems();
    TreeSet<String> found = new TreeSet<>();
    TreeSet<String> flinks = new TreeSet<>();
    for (ProcessView process : examination.flink().processes()) {
      NodeReport report = process.report();
      flinks.add(report.flink());
      found.add("Flink %s on Java %s".formatted(report.flink(), report.java()));
      if (Runtime.Version.parse(report.java()).feature() > NEWEST_JAVA) {
        problems.warning(
            "%s runs Java %s".formatted(process.name(), report.java()),
            "Flink and the job are tested with Java 17 and %d".formatted(NEWEST_JAVA));
      }
    }
    if (flinks.size() > 1) {
      problems.failed(
          "processes run different versions of Flink: " + String.join(", ", flinks),
          "have one version on all machines");
    }
    return problems.orOk(name(), String.join(", ", found));
  }
}
