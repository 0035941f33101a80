// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart.report;

import java.util.List;
import java.util.Map;

/**
 * What an {@link HtmlReport} tells.
 *
 * @param title of the page
 * @param score what models are judged by
 * @param results what came of the run, in order, as text by name
 * @param settings what it was run with, in order, as text by name
 * @param rounds in order
 */
public record RunReport(
    String title,
    Score score,
    Map<String, String> results,
    Map<String, String> settings,
    List<ReportedRound> rounds) {

  public RunReport {
    rounds = List.copyOf(rounds);
  }

  /** Whether rounds train stages. */
  boolean blockwise() {
    return rounds.stream().anyMatch(round -> round.report().showsStages());
  }
}
