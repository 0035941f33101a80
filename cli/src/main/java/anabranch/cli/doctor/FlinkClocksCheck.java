// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * Whether the clocks of Flink's machines agree. A round's deadline is a time of the machine that
 * runs the coordinator: when the job moves to another after a failure, the round ends as much early
 * or late as the two differ.
 */
final class FlinkClocksCheck implements Check {

  @Override
  public String name() {
    return "flink clocks";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    List<ProcessView> processes = examination.flink().processes();
    Duration tolerance = ClockOffset.tolerance(examination.config().round().deadline());
    Problems problems = new Problems();
    for (ProcessView process : processes) {
      if (process.clock().certain() > tolerance.toMillis()) {
        problems.warning(
            "%s ahead of this machine, more than a twentieth of round.deadline"
                .formatted(process.clock()),
            "set the clocks by NTP: a round's deadline is read from the clock of the machine that"
                + " runs the coordinator");
      }
    }
    return problems.orOk(
        name(),
        "ahead of this machine's: %s; of %d TaskManagers at most %s"
            .formatted(
                processes.get(0).clock(),
                processes.size() - 1,
                processes.stream()
                    .skip(1)
                    .map(ProcessView::clock)
                    .max(Comparator.comparingLong(ClockOffset::farthest))
                    .orElseThrow()));
  }
}
