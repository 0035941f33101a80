// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import anabranch.quickstart.report.ReportedRound;
import anabranch.quickstart.report.Score;
import java.util.Locale;

/** A round in one line for people. */
final class RoundLine {

  private static final double MEGABYTE = 1e6;

  private RoundLine() {}

  static String header(Score score) {
    return "round  blocks  clients  late  rejected      uplink  ratio  %8s  seconds"
        .formatted(score.label());
  }

  static String of(ReportedRound round, Score score) {
    RoundReport report = round.report();
    if (report.outcome() != RoundOutcome.COMPLETED) {
      return String.format(
          Locale.ROOT,
          "%5d  %s: %s",
          report.round(),
          report.outcome().name().toLowerCase(Locale.ROOT),
          report.note());
    }
    return String.format(
        Locale.ROOT,
        "%5d  %6s  %7s  %4d  %8d  %7.2f MB  %5.1f  %8s  %7.2f",
        report.round(),
        round.blocks(),
        report.contributions().size() + "/" + report.cohort().size(),
        round.missed(),
        report.ledger().rejected(),
        report.recordBytes() / MEGABYTE,
        round.ratio().orElse(1),
        round.score().isPresent() ? score.text(round.score().getAsDouble()) : "-",
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
