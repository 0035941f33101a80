// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.Comparison;
import anabranch.bench.experiment.Divergence;
import anabranch.bench.experiment.Page;
import anabranch.bench.experiment.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** The page with the table of compression. It depends on the runs alone. */
final class CompressionReport {

  private static final double MEGABYTE = 1e6;
  private static final double SECONDS_AN_HOUR = 3_600;

  private final Results results;
  private final Tuning tuning;
  private final List<Divergence<RunSettings>> divergences;
  private final int rounds;
  private final Page page = new Page();

  CompressionReport(
      Results results, Tuning tuning, List<Divergence<RunSettings>> divergences, int rounds) {
    this.results = results;
    this.tuning = tuning;
    this.divergences = divergences;
    this.rounds = rounds;
  }

  void write(Path file) throws IOException {
    Files.writeString(file, page());
  }

  String page() {
    introduce();
    claims();
    for (String partition : CompressionTable.PARTITIONS) {
      table(partition);
    }
    plots();
    tuning();
    return page.toString();
  }

  private void introduce() {
    List<RunResult> runs = runs();
    page.line("# Compression of updates");
    page.space();
    page.line(
        "Written by `./anabranch experiment compression --report` from the files in `runs/compression`; see");
    page.line(
        "[how to reproduce it](README.md). 20 clients, 10 a round, %d rounds, Fashion-MNIST as",
        rounds);
    page.line(
        "shipped (12,000 training images), a convolutional net of **%s parameters**. Accuracy is the",
        runs.stream().map(run -> number(run.parameters())).distinct().collect(joining()));
    page.line(
        "mean over the last tenth of the rounds on all 10,000 test images, in percent. Differences");
    page.line(
        "are paired: the same seed gives both methods the same split, initial weights, cohorts and");
    page.line(
        "order of batches. ± is the standard deviation over seeds; *above* is the one-sided 95 %%");
    page.line(
        "bound of the mean difference (Student's t). Bytes are those of all clients in all rounds as");
    page.line(
        "Kafka stores them, check-ins and announcements included; ratios are to `fedavg`, which is");
    page.line("dense float32, with the same seeds.");
    page.space();
    long cluster = runs.stream().filter(r -> r.where() == Where.CLUSTER).count();
    results.twins().tell(page, cluster, runs.size());
    page.line(
        "The table has %d runs. Those here took %s.", CompressionTable.cells().size(), hours(runs));
    page.space();
  }

  private static String hours(List<RunResult> runs) {
    double seconds = runs.stream().mapToDouble(RunResult::seconds).sum();
    return Page.format(
        "%.1f hours, %.0f s a run", seconds / SECONDS_AN_HOUR, seconds / runs.size());
  }

  private List<RunResult> runs() {
    List<RunResult> runs = new ArrayList<>();
    for (String partition : CompressionTable.PARTITIONS) {
      runs.addAll(results.all(CompressionTable.presets(partition), List.of(partition)));
    }
    return runs;
  }

  private static Collector<CharSequence, ?, String> joining() {
    return Collectors.joining(", ");
  }

  private void claims() {
    page.line("## What it shows");
    page.space();
    page.line("On `%s`, five seeds, difference in points:", CompressionTable.SHARDS);
    page.space();
    for (Claim claim : CompressionTable.CLAIMS) {
      List<Double> differences =
          results.differences(claim.preset(), claim.than(), CompressionTable.SHARDS);
      page.line(
          "- %s (`%s` against `%s`): %s.",
          claim.text(), claim.preset(), claim.than(), claim.verdict(differences));
    }
    page.space();
  }

  private void table(String partition) {
    List<Preset> presets =
        CompressionTable.presets(partition).stream()
            .filter(preset -> !results.of(preset, partition).isEmpty())
            .toList();
    if (presets.isEmpty()) {
      return;
    }
    page.line("## Split `%s`", partition);
    page.space();
    page.line(
        "| preset | seeds | accuracy | difference | above | up, MB | ratio | down, MB | ratio |");
    page.line("|---|---|---|---|---|---|---|---|---|");
    presets.forEach(preset -> page.line("%s", row(preset, partition)));
    page.space();
  }

  private String row(Preset preset, String partition) {
    NavigableMap<Long, RunResult> runs = results.of(preset, partition);
    List<RunResult> reference =
        results.of(Preset.FEDAVG, partition).entrySet().stream()
            .filter(run -> runs.containsKey(run.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    List<Double> differences = results.differences(preset, Preset.FEDAVG, partition);
    boolean compared = !preset.equals(Preset.FEDAVG) && !differences.isEmpty();
    Comparison comparison = compared ? new Comparison(differences) : null;
    var accuracy = Comparison.statistics(runs.values().stream().map(RunResult::accuracy).toList());
    double up = mean(runs.values(), RunResult::uplinkBytes);
    double down = downlink(runs.values());
    return "| `%s` | %d | %s | %s | %s | %s | %s | %s | %s |"
        .formatted(
            preset,
            runs.size(),
            Page.plusMinus(
                "%.2f", accuracy.getMean(), runs.size(), accuracy.getStandardDeviation()),
            compared
                ? Page.plusMinus(
                    "%+.2f", comparison.mean(), comparison.pairs(), comparison.deviation())
                : Page.NOTHING,
            compared && comparison.pairs() > 1
                ? Page.format("%+.2f", comparison.lowerBound())
                : Page.NOTHING,
            Page.format("%.2f", up / MEGABYTE),
            ratio(mean(reference, RunResult::uplinkBytes), up),
            Page.format("%.2f", down / MEGABYTE),
            ratio(downlink(reference), down));
  }

  /**
   * What clients must read, which is counted in one thread; a consumer of Kafka also fetches what
   * lies behind a record that is wanted.
   */
  private static double downlink(Collection<RunResult> runs) {
    List<RunResult> counted = runs.stream().filter(run -> run.where() == Where.DRIVER).toList();
    return mean(counted.isEmpty() ? runs : counted, RunResult::downlinkBytes);
  }

  private static double mean(Collection<RunResult> runs, ToLongFunction<RunResult> figure) {
    return runs.stream().mapToLong(figure).average().orElse(0);
  }

  private static String ratio(double reference, double own) {
    return reference == 0 ? Page.NOTHING : Page.format("%.1f", reference / own);
  }

  private void plots() {
    page.line("## Curves on `%s`", CompressionTable.SHARDS);
    page.space();
    page.line(
        "Mean over seeds. Wall time counts what the slowest client of a round has to send and %s s",
        CompressionPlots.SECONDS_A_ROUND);
    page.line("for training and the checkpoint; what clients read is not counted in it.");
    page.space();
    for (CompressionPlots.Axis axis : CompressionPlots.Axis.values()) {
      page.line("![%s](%s)", axis.title(), axis.file());
    }
    page.space();
  }

  private void tuning() {
    if (tuning.choices().isEmpty()) {
      return;
    }
    page.line("## Tuning");
    page.space();
    page.line(
        "Learning rates %s on seeds %s with a tenth of the training data, the same for every preset.",
        Tuning.LEARNING_RATES.stream().map(String::valueOf).collect(joining()),
        Tuning.SEEDS.stream().map(String::valueOf).collect(joining()));
    page.space();
    page.line("| preset | learning rate | accuracy | up and down, MB |");
    page.line("|---|---|---|---|");
    for (Tuning.Choice choice : tuning.choices()) {
      page.line(
          "| `%s` | %s | %.2f | %.2f |",
          choice.preset(), choice.learningRate(), choice.accuracy(), choice.bytes() / MEGABYTE);
    }
    page.space();
    for (Divergence<RunSettings> divergence : divergences) {
      page.line(
          "`%s` diverged at the learning rate %s with seed %d (%s), which is no choice then.",
          divergence.settings().preset(),
          divergence.settings().learningRate(),
          divergence.settings().seed(),
          divergence.reason());
      page.space();
    }
    tuning
        .recommended()
        .ifPresent(
            choice ->
                page.line(
                    "**Recommended: `%s`**, of the fewest bytes among those that lose at most"
                        + " half a point here.",
                    choice.preset()));
  }

  private static String number(long value) {
    return Page.format("%,d", value);
  }
}
