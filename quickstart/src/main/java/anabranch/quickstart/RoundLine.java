// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import anabranch.quickstart.report.ReportedRound;
import anabranch.quickstart.report.Score;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** A round in one line for people. */
final class RoundLine {

  private static final double MEGABYTE = 1e6;
  private static final double MEBIBYTE = 1 << 20;
  private static final String NOTHING = "-";

  private RoundLine() {}

  /**
   * @param blockwise whether rounds train stages
   */
  static String header(Score score, boolean blockwise) {
    return blockwise
        ? "round  stage  lambda  gamma  nHSIC(X)  nHSIC(Y)  eligible      needs        peak  clients"
            + "      uplink  %8s  seconds".formatted(score.label())
        : "round  blocks  clients  late  rejected      uplink  ratio  %8s  seconds"
            .formatted(score.label());
  }

  /**
   * @param blockwise of rounds that train stages
   */
  static String of(ReportedRound round, Score score, Optional<BlockwiseTraining> blockwise) {
    RoundReport report = round.report();
    if (report.outcome() != RoundOutcome.COMPLETED) {
      return String.format(
          Locale.ROOT,
          "%5d  %s: %s",
          report.round(),
          report.outcome().name().toLowerCase(Locale.ROOT),
          report.note());
    }
    String line =
        blockwise
            .map(stages -> ofStage(round, score, stages))
            .orElseGet(() -> ofWhole(round, score));
    return report.note().isEmpty() ? line : line + "  " + report.note();
  }

  private static String ofStage(ReportedRound round, Score score, BlockwiseTraining stages) {
    RoundReport report = round.report();
    return String.format(
        Locale.ROOT,
        "%5d  %5d  %6.2f  %5.2f  %8s  %8s  %8d  %5.1f MiB  %10s  %7s  %7.2f MB  %8s  %7.2f",
        report.round(),
        report.stage(),
        report.lambda(),
        report.gamma(),
        metric(report, "nhsicX"),
        metric(report, "nhsicY"),
        report.eligible(),
        stages.required().get(report.stage() - 1) / MEBIBYTE,
        peak(report),
        clients(report),
        report.recordBytes() / MEGABYTE,
        text(round, score),
        round.seconds());
  }

  private static String metric(RoundReport report, String name) {
    Double value = report.metrics().get(name);
    return value == null ? NOTHING : String.format(Locale.ROOT, "%.3f", value);
  }

  /** The most that a process of the round's clients had resident while it trained. */
  private static String peak(RoundReport report) {
    OptionalDouble most =
        report.contributions().stream()
            .map(contribution -> contribution.metrics().get("peakMemoryBytes"))
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .max();
    return most.isPresent()
        ? String.format(Locale.ROOT, "%.0f MiB", most.getAsDouble() / MEBIBYTE)
        : NOTHING;
  }

  private static String clients(RoundReport report) {
    return report.contributions().size() + "/" + report.cohort().size();
  }

  private static String text(ReportedRound round, Score score) {
    return round.score().isPresent() ? score.text(round.score().getAsDouble()) : NOTHING;
  }

  private static String ofWhole(ReportedRound round, Score score) {
    RoundReport report = round.report();
    return String.format(
        Locale.ROOT,
        "%5d  %6s  %7s  %4d  %8d  %7.2f MB  %5.1f  %8s  %7.2f",
        report.round(),
        round.blocks(),
        clients(report),
        round.missed(),
        report.ledger().rejected(),
        report.recordBytes() / MEGABYTE,
        round.ratio().orElse(1),
        text(round, score),
        round.seconds());
  }

  static String ledger(Ledger total) {
    return String.format(
        Locale.ROOT,
        "%d received = %d folded + %d late + %d surplus + %d duplicate + %d rejected"
            + " + %d expired + %d open%s",
        total.received(),
        total.folded(),
        total.late(),
        total.surplus(),
        total.duplicate(),
        total.rejected(),
        total.expired(),
        total.open(),
        total.balances() ? "" : "  (DOES NOT BALANCE)");
  }
}
