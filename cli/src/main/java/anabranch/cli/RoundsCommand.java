// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.topic.RoundReportReader;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.protocol.message.RoundReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code anabranch rounds}. */
@Command(
    name = "rounds",
    description = {
      "Shows the reports of the last rounds.",
      "folded to rejected count records of client updates; seconds run from drawing the cohort to"
          + " the last segment of the new version; ratio is what dense float32 updates would have"
          + " taken over what was sent. Block-wise rounds have stage, lambda, gamma, the nHSIC"
          + " values that clients measured and who was eligible besides."
    })
final class RoundsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;

  @Option(
      names = {"-n", "--last"},
      paramLabel = "N",
      defaultValue = "10",
      description = "how many (default: ${DEFAULT-VALUE})")
  private int last;

  @Override
  public Integer call() throws ConfigException {
    if (last < 1) {
      throw new ParameterException(
          spec.commandLine(), "--last is " + last + ", at least 1 is shown");
    }
    FederationConfig config = options.load();
    List<RoundReport> reports = newest(config);
    if (reports.isEmpty()) {
      spec.commandLine()
          .getErr()
          .printf("federation '%s' has no report of a round yet%n", config.federation());
    } else {
      table(reports).print(spec.commandLine().getOut());
    }
    return 0;
  }

  private List<RoundReport> newest(FederationConfig config) {
    try (RoundReportReader reader =
        new RoundReportReader(FederationOptions.connection(config), config.topics())) {
      return reader.newest(last);
    } catch (KafkaException e) {
      throw new IllegalStateException(
          "cannot read '%s' on %s: %s"
              .formatted(
                  config.topics().rounds(), config.kafka().bootstrapServers(), e.getMessage()),
          e);
    }
  }

  private static TextTable table(List<RoundReport> reports) {
    boolean staged = reports.stream().anyMatch(RoundReport::showsStages);
    List<String> columns = new ArrayList<>(List.of("round", "outcome", "model"));
    if (staged) {
      columns.addAll(List.of("stage", "lambda", "gamma", "nHSIC(X)", "nHSIC(Y)", "eligible"));
    }
    columns.addAll(
        List.of(
            "cohort",
            "quorum",
            "folded",
            "late",
            "surplus",
            "duplicate",
            "expired",
            "rejected",
            "seconds",
            "MB",
            "ratio",
            "note"));
    TextTable table = new TextTable(columns.toArray(String[]::new));
    for (RoundReport report : reports) {
      List<Object> cells =
          new ArrayList<>(List.of(report.round(), report.outcome().name(), report.modelVersion()));
      if (staged) {
        cells.addAll(ofStage(report));
      }
      cells.addAll(ofRecords(report));
      table.row(cells.toArray());
    }
    return table;
  }

  private static List<Object> ofStage(RoundReport report) {
    return List.of(
        report.stage(),
        "%.2f".formatted(report.lambda()),
        "%.2f".formatted(report.gamma()),
        metric(report, "nhsicX"),
        metric(report, "nhsicY"),
        report.eligible());
  }

  private static String metric(RoundReport report, String name) {
    Double value = report.metrics().get(name);
    return value == null ? "" : "%.3f".formatted(value);
  }

  private static List<Object> ofRecords(RoundReport report) {
    return List.of(
        report.cohort().size(),
        report.quorum(),
        report.ledger().folded(),
        report.ledger().late(),
        report.ledger().surplus(),
        report.ledger().duplicate(),
        report.ledger().expired(),
        report.ledger().rejected(),
        seconds(report),
        "%.2f".formatted(report.payloadBytes() / 1e6),
        report.payloadBytes() == 0
            ? ""
            : "%.1f".formatted((double) report.denseBytes() / report.payloadBytes()),
        report.note());
  }

  private static String seconds(RoundReport report) {
    long end = Math.max(report.closedAt(), report.sealedAt());
    return report.openedAt() == 0 || end == 0
        ? ""
        : "%.1f".formatted((end - report.openedAt()) / 1e3);
  }
}
