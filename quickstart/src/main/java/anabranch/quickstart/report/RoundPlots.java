// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart.report;

import anabranch.protocol.message.RoundOutcome;
import java.util.ArrayList;
import java.util.List;

/** The plots of a run, as far as it has points for them. */
final class RoundPlots {

  private static final double MEGABYTE = 1e6;

  private RoundPlots() {}

  static List<Plot> of(RunReport run) {
    List<Double> version = new ArrayList<>();
    List<Double> score = new ArrayList<>();
    List<Double> bytesAtScore = new ArrayList<>();
    List<Double> round = new ArrayList<>();
    List<Double> bytes = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    double sent = 0;
    for (ReportedRound reported : run.rounds()) {
      sent += reported.report().recordBytes() / MEGABYTE;
      if (reported.score().isPresent()) {
        version.add((double) reported.report().round());
        score.add(reported.score().getAsDouble());
        bytesAtScore.add(sent);
      }
      if (reported.report().outcome() == RoundOutcome.COMPLETED) {
        round.add((double) reported.report().round());
        bytes.add(reported.report().recordBytes() / MEGABYTE);
        seconds.add(reported.seconds());
      }
    }
    String name = run.score().label();
    List<Plot> plots = new ArrayList<>();
    if (!version.isEmpty()) {
      plots.add(new Plot("Test " + name + " over rounds", "round", name, version, score, false));
      plots.add(
          new Plot(
              "Test " + name + " over uplink", "uplink, MB", name, bytesAtScore, score, false));
    }
    if (!round.isEmpty()) {
      plots.add(new Plot("Uplink of a round", "round", "MB", round, bytes, true));
      plots.add(new Plot("Time of a round", "round", "seconds", round, seconds, true));
    }
    return plots;
  }
}
