// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.bench.experiment.compression.Preset;
import anabranch.bench.experiment.compression.StoredBytes;
import anabranch.client.model.Architecture;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code anabranch experiment bytes}. */
@Command(
    name = "bytes",
    sortOptions = false,
    description = {
      "Tells what updates and versions take in Kafka's log under each encoding.",
      "A few clients train a few rounds once; every encoding then has the same updates. Ratios are to"
          + " dense float32, which is measured in the same way."
    })
final class ExperimentBytesCommand implements Callable<Integer> {

  /** A comma inside parentheses belongs to a preset. */
  private static final String COMMA = ",(?![^(]*\\))";

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      defaultValue = "mcmahan-cnn",
      paramLabel = "NAME",
      description = "network (default: mcmahan-cnn, 1,663,370 parameters)")
  private String model;

  @Option(
      names = "--preset",
      split = COMMA,
      splitSynopsisLabel = ",",
      paramLabel = "NAME",
      description =
          "encoding presets, separated by commas; ' both ways' may stand behind a name (default:"
              + " those that claims are about)")
  private List<String> presets =
      List.of(
          "top-k(0.1, f16) both ways",
          "probabilistic(2, rotated)",
          "stc(1/100) both ways",
          "stc(1/400) both ways",
          "group-stc(1/25) both ways",
          "group-stc(1/50) both ways",
          "group-stc(1/100) both ways");

  @Option(
      names = "--logs",
      description =
          "runs each encoding through a broker and a Flink cluster as well, and takes updates and"
              + " versions from the sizes of the logs")
  private boolean logs;

  @Override
  public Integer call() throws Exception {
    Architecture.named(model);
    StoredBytes bytes = new StoredBytes(model);
    StoredBytes.Row dense = bytes.measure(Preset.FEDAVG);
    TextTable table =
        new TextTable(
            "preset", "update, B", "ratio", "envelope, %", "version, B", "ratio", "plan, B");
    row(table, dense, dense);
    for (String name : presets) {
      Preset preset = new Preset(name.strip());
      StoredBytes.Row row = bytes.measure(preset);
      row(table, logs ? bytes.measureLogs(preset, row) : row, dense);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, "%s, %,d parameters%n%n", model, dense.parameters());
    table.print(out);
    return 0;
  }

  private static void row(TextTable table, StoredBytes.Row row, StoredBytes.Row dense) {
    table.row(
        row.preset(),
        text("%,.0f", row.update()),
        text("%,.1f", dense.update() / row.update()),
        text("%.1f", 100 * row.envelope()),
        text("%,.0f", row.version()),
        text("%,.1f", dense.version() / row.version()),
        text("%,.0f", row.announcement()));
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
