// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart.report;

import anabranch.client.train.Evaluation;
import anabranch.protocol.message.RoundReport;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A round as a run's report tells it.
 *
 * @param report of the job
 * @param evaluation of the round's version on the test data; empty when it was not evaluated
 */
public record ReportedRound(RoundReport report, Optional<Evaluation> evaluation) {

  /** What models are judged by, in [0, 1]. */
  public OptionalDouble score() {
    return evaluation.map(e -> OptionalDouble.of(e.score())).orElse(OptionalDouble.empty());
  }

  /** Seconds from drawing the cohort to the last segment of the new version. */
  public double seconds() {
    return Math.max(0, Math.max(report.closedAt(), report.sealedAt()) - report.openedAt()) / 1e3;
  }

  /** The blocks that were trained, such as {@code 0-3}; a dash when there were none. */
  public String blocks() {
    if (report.trainedBlocks().isEmpty()) {
      return "-";
    }
    int first = report.trainedBlocks().get(0);
    int last = report.trainedBlocks().get(report.trainedBlocks().size() - 1);
    return first == last ? Integer.toString(first) : first + "-" + last;
  }

  /** How many times fewer payload bytes the updates took than dense float32; empty without any. */
  public OptionalDouble ratio() {
    return report.payloadBytes() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) report.denseBytes() / report.payloadBytes());
  }

  /** Records that came and did not count, but were not at fault. */
  public long missed() {
    return report.ledger().late() + report.ledger().surplus() + report.ledger().expired();
  }
}
