// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import java.util.Locale;
import java.util.OptionalDouble;

/** A round in one line for people. */
final class RoundLine {

  private static final double MEGABYTE = 1e6;
  private static final double MILLIS = 1000.0;

  private RoundLine() {}

  static String header() {
    return "round  blocks  clients  late  rejected  uplink      ratio  accuracy  seconds";
  }

  /**
   * @param accuracy on the test images, in [0, 1], if this version was evaluated
   */
  static String of(RoundReport report, OptionalDouble accuracy) {
    if (report.outcome() != RoundOutcome.COMPLETED) {
      return String.format(
          Locale.ROOT, "%5d  %s %s", report.round(), report.outcome(), report.note());
    }
    Ledger ledger = report.ledger();
    return String.format(
        Locale.ROOT,
        "%5d  %6s  %3d/%-3d  %4d  %8d  %7.2f MB  %5.1f  %8s  %7.2f",
        report.round(),
        blocks(report),
        report.contributions().size(),
        report.cohort().size(),
        ledger.late() + ledger.surplus() + ledger.expired(),
        ledger.rejected(),
        report.recordBytes() / MEGABYTE,
        report.denseBytes() / (double) report.payloadBytes(),
        accuracy.isPresent()
            ? String.format(Locale.ROOT, "%.2f %%", 100 * accuracy.getAsDouble())
            : "-",
        (report.sealedAt() - report.openedAt()) / MILLIS);
  }

  private static String blocks(RoundReport report) {
    int first = report.trainedBlocks().get(0);
    int last = report.trainedBlocks().get(report.trainedBlocks().size() - 1);
    return first == last ? Integer.toString(first) : first + "-" + last;
  }

  static String ledger(Ledger total) {
    return String.format(
        Locale.ROOT,
        "records: %d received = %d folded + %d late + %d surplus + %d duplicate + %d rejected"
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
