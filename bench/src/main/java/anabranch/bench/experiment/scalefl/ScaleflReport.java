// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.Comparison;
import anabranch.bench.experiment.Divergence;
import anabranch.bench.experiment.Page;
import anabranch.bench.experiment.scalefl.Results.Budget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The page that tells what came of the runs. */
final class ScaleflReport {

  /** The paper's system, and what was better than it. */
  private static final List<Method> COMPARED =
      List.of(Method.SCALEFL, Method.SCALEFL_MASKED, Method.ABLATION_NO_GROWTH);

  private static final double PERCENT = 100;
  private static final double MEGABYTE = 1e6;
  private static final double MEBIBYTE = 1 << 20;
  private static final double TERA = 1e12;

  private final Results results;
  private final Tuning tuning;
  private final List<Divergence<ScaleflSettings>> divergences;
  private final int rounds;
  private final Page page = new Page();

  ScaleflReport(
      Results results, Tuning tuning, List<Divergence<ScaleflSettings>> divergences, int rounds) {
    this.results = results;
    this.tuning = tuning;
    this.divergences = divergences;
    this.rounds = rounds;
  }

  String page() {
    page.line("# Training block by block");
    page.space();
    page.line(
        "Written by `./anabranch experiment scalefl --report` from the files in `runs/scalefl`; see");
    page.line(
        "[how to reproduce it](README.md). 100 clients, 10 a round, %d rounds, Fashion-MNIST,",
        rounds);
    page.line(
        "ResNet[2,2,2,2] 8-16-32-64 with group normalisation, batches of 32, momentum 0.9. Every");
    page.line(
        "client has between 100/840 and 900/840 of the memory that training the whole model takes,");
    page.line(
        "so about 8 of 100 can do that. Accuracy is that of the deployed model, the mean over the");
    page.line(
        "last tenth of the rounds on all 10,000 test images, in percent; ± is the standard deviation");
    page.line(
        "over seeds. Memory is as accounted, the most that a client's training took. Bytes and");
    page.line(
        "operations are those of all clients. What is not tuned ran at the learning rate %s and the",
        Knobs.USUAL.learningRate());
    page.line("usual strength of its own knob, see [tuning](#tuning).");
    page.space();
    results.twins().tell(page, results.throughCluster(), results.all().size());
    page.space();
    ScaleflTable.partitions().forEach(this::table);
    for (String partition : ScaleflTable.partitions()) {
      COMPARED.forEach(method -> comparisons(method, partition));
    }
    plots();
    tuning();
    return page.toString();
  }

  private void table(String partition) {
    List<Method> methods =
        Arrays.stream(Method.values())
            .filter(method -> !results.of(method, partition).isEmpty())
            .toList();
    if (methods.isEmpty()) {
      return;
    }
    page.line("## Split `%s`", partition);
    page.space();
    page.line(
        "| method | seeds | accuracy | participation, %% | memory, MiB | up, MB | down, MB | TFLOP |");
    page.line("|---|---|---|---|---|---|---|---|");
    for (Method method : methods) {
      Collection<ScaleflResult> runs = results.of(method, partition).values();
      var accuracy = Comparison.statistics(runs.stream().map(ScaleflResult::accuracy).toList());
      page.line(
          "| %s | %d | %s | %.0f | %.1f | %.1f | %.1f | %.1f |",
          name(method),
          runs.size(),
          Page.plusMinus("%.2f", accuracy.getMean(), runs.size(), accuracy.getStandardDeviation()),
          PERCENT * mean(runs, ScaleflResult::participation),
          mean(runs, ScaleflResult::peakMemoryBytes) / MEBIBYTE,
          mean(runs, ScaleflResult::uplinkBytes) / MEGABYTE,
          downlink(runs) / MEGABYTE,
          mean(runs, ScaleflResult::clientComputeFlops) / TERA);
    }
    page.space();
    if (methods.stream().anyMatch(Method::readsMoreThanItTakes)) {
      page.line(
          "Clients of %s read whole blocks here and take their part of them; a server of",
          methods.stream()
              .filter(Method::readsMoreThanItTakes)
              .map(method -> "`" + method.label() + "`")
              .collect(Collectors.joining(", ")));
      page.line(
          "their own would send that part alone. So these are not compared at equal bytes both ways.");
      page.space();
    }
  }

  private void comparisons(Method one, String partition) {
    List<Method> others =
        Arrays.stream(Method.values())
            .filter(method -> method != one)
            .filter(method -> !results.differences(one, method, partition, Budget.ROUNDS).isEmpty())
            .toList();
    if (others.isEmpty()) {
      return;
    }
    page.line("## `%s` against the others, split `%s`", one.label(), partition);
    page.space();
    page.line("Points of accuracy by which it is better, paired by seed; in parentheses what the");
    page.line(
        "mean is above with 95 %% confidence (one-sided, Student's t). Where two methods spend");
    page.line(
        "different amounts, each counts as far as the lesser amount took it: by the mean of its curve");
    page.line(
        "over the last quarter of that; %s where one had not completed twenty rounds by then.",
        Page.NOTHING);
    page.space();
    row(List.of("against", "seeds"), budget -> "equal " + budget.label());
    row(List.of("---", "---"), budget -> "---");
    for (Method other : others) {
      int seeds = results.differences(one, other, partition, Budget.ROUNDS).size();
      row(
          List.of(name(other), String.valueOf(seeds)),
          budget -> difference(one, other, partition, budget));
    }
    page.space();
  }

  private void row(List<String> first, Function<Budget, String> cell) {
    List<String> cells = new ArrayList<>(first);
    Arrays.stream(Budget.values()).map(cell).forEach(cells::add);
    page.line("| %s |", String.join(" | ", cells));
  }

  private String name(Method method) {
    return Page.format(tuning.isTuned(method) ? "`%s`" : "`%s`, not tuned", method.label());
  }

  private String difference(Method one, Method other, String partition, Budget budget) {
    List<Double> differences = results.differences(one, other, partition, budget);
    if (differences.isEmpty()) {
      return Page.NOTHING;
    }
    Comparison comparison = new Comparison(differences);
    return Page.plusMinus("%+.2f", comparison.mean(), comparison.pairs(), comparison.deviation())
        + (comparison.pairs() > 1 ? Page.format(" (%+.2f)", comparison.lowerBound()) : "");
  }

  private void plots() {
    page.line("## Curves on `%s`", ScaleflTable.CORE_PARTITION);
    page.space();
    ScaleflPlots.FILES.forEach((file, title) -> page.line("![%s](%s)", title, file));
    page.space();
  }

  private void tuning() {
    if (tuning.choices().isEmpty()) {
      return;
    }
    page.line("## Tuning");
    page.space();
    page.line(
        "On seeds 101 and 102, with a tenth of the training data, %d passes of a client and %d rounds,",
        Tuning.EPOCHS, Tuning.rounds(rounds));
    page.line(
        "measured on training images that are not in it. First the learning rates %s,",
        Knobs.LEARNING_RATES);
    page.line(
        "then at the best of them the strengths %s of the method's own knob:", Knobs.STRENGTHS);
    page.line(
        "of the curriculum, %s at 1 (λ falls from the higher to the lower, γ rises), or where there",
        ends(Curriculum.ofStrength(1)));
    page.line(
        "is none the server's learning rate. Variants of `scalefl` have what was chosen for it.");
    page.line("A choice with a star is at an end of what was tried.");
    page.space();
    page.line("| method | learning rate | own knob | strength | accuracy | settings tried |");
    page.line("|---|---|---|---|---|---|");
    for (Tuning.Choice choice : tuning.choices()) {
      Method method = choice.method();
      page.line(
          "| `%s` | %s | %s | %s | %.2f | %d |",
          method.label(),
          marked(choice.knobs().learningRate(), Knobs.LEARNING_RATES),
          method.hasCurriculum() ? "curriculum" : "server's learning rate",
          marked(choice.knobs().strength(), Knobs.STRENGTHS),
          choice.accuracy(),
          tuning.tried(method));
    }
    page.space();
    for (Divergence<ScaleflSettings> divergence : divergences) {
      page.line(
          "`%s` diverged at the learning rate %s with seed %d (%s), which is no choice then.",
          divergence.settings().method(),
          divergence.settings().learningRate(),
          divergence.settings().seed(),
          divergence.reason());
      page.space();
    }
  }

  private static String marked(double chosen, List<Double> rising) {
    boolean inside = chosen > rising.get(0) && chosen < rising.get(rising.size() - 1);
    return inside ? String.valueOf(chosen) : chosen + "\\*";
  }

  private static String ends(Curriculum curriculum) {
    return curriculum.low() + " and " + curriculum.high();
  }

  /** What clients must read, which is counted in one thread, where a run was made so. */
  private static double downlink(Collection<ScaleflResult> runs) {
    List<ScaleflResult> counted = runs.stream().filter(Budget.TRAFFIC::counts).toList();
    return mean(counted.isEmpty() ? runs : counted, ScaleflResult::downlinkBytes);
  }

  private static double mean(
      Collection<ScaleflResult> runs, ToDoubleFunction<ScaleflResult> figure) {
    return runs.stream().mapToDouble(figure).average().orElseThrow();
  }
}
