// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.Divergence;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What was chosen on seeds and data that no claim rests on: of each preset the learning rate, and
 * which preset to recommend.
 */
final class Tuning {

  static final List<Long> SEEDS = List.of(101L, 102L);
  static final List<Double> LEARNING_RATES = List.of(0.02, 0.05, 0.1);

  /** Share of the training data. */
  static final double TRAINING_SHARE = 0.1;

  /** Where nothing was tuned: that of the data set. */
  static final double USUAL_LEARNING_RATE = 0.05;

  /** Points that a recommended preset may lose against the uncompressed run. */
  private static final double MAY_LOSE = 0.5;

  /**
   * A preset at its best learning rate, mean over the seeds.
   *
   * @param bytes of all clients in both directions
   */
  record Choice(Preset preset, double learningRate, double accuracy, double bytes) {}

  private record Rate(String preset, double learningRate) {
    static Rate of(RunSettings settings) {
      return new Rate(settings.preset(), settings.learningRate());
    }
  }

  private final Map<String, Choice> choices = new TreeMap<>();

  /**
   * @param all finished runs
   * @param divergences at any seed: a rate at which a preset diverged is no choice
   * @param rounds of the runs that are chosen for
   */
  Tuning(Collection<RunResult> all, Collection<Divergence<RunSettings>> divergences, int rounds) {
    Set<Rate> diverged =
        divergences.stream().map(run -> Rate.of(run.settings())).collect(Collectors.toSet());
    all.stream()
        .filter(run -> isTuning(run.settings()) && run.rounds() == rounds)
        .filter(run -> run.settings().trainingShare() == TRAINING_SHARE)
        .filter(run -> run.partition().equals(CompressionTable.SHARDS))
        .filter(run -> !diverged.contains(Rate.of(run.settings())))
        .collect(Collectors.groupingBy(RunResult::preset))
        .forEach(
            (preset, runs) ->
                best(new Preset(preset), runs).ifPresent(choice -> choices.put(preset, choice)));
  }

  private static boolean hasAllSeeds(List<RunResult> runs) {
    return runs.stream().map(RunResult::seed).toList().containsAll(SEEDS);
  }

  static boolean isTuning(RunSettings settings) {
    return SEEDS.contains(settings.seed());
  }

  /** Empty while no rate has run with all seeds. */
  private static Optional<Choice> best(Preset preset, List<RunResult> runs) {
    Map<Double, List<RunResult>> byRate =
        runs.stream().collect(Collectors.groupingBy(run -> run.settings().learningRate()));
    return byRate.entrySet().stream()
        .filter(entry -> hasAllSeeds(entry.getValue()))
        .map(
            entry ->
                new Choice(
                    preset,
                    entry.getKey(),
                    mean(entry.getValue(), RunResult::accuracy),
                    mean(entry.getValue(), run -> run.uplinkBytes() + run.downlinkBytes())))
        .max(Comparator.comparingDouble(Choice::accuracy).thenComparing(Choice::learningRate));
  }

  private static double mean(List<RunResult> runs, ToDoubleFunction<RunResult> figure) {
    return runs.stream().mapToDouble(figure).average().orElseThrow();
  }

  /** The learning rate of a preset. */
  double learningRate(Preset preset) {
    Choice choice = choices.get(preset.name());
    return choice == null ? USUAL_LEARNING_RATE : choice.learningRate();
  }

  /** What was chosen, by preset. */
  Collection<Choice> choices() {
    return choices.values();
  }

  /**
   * The preset of the fewest bytes that loses at most half a point; empty when nothing was tuned.
   */
  Optional<Choice> recommended() {
    Choice uncompressed = choices.get(Preset.FEDAVG.name());
    return uncompressed == null
        ? Optional.empty()
        : choices.values().stream()
            .filter(choice -> choice.accuracy() >= uncompressed.accuracy() - MAY_LOSE)
            .min(Comparator.comparingDouble(Choice::bytes));
  }
}
