// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.Divergence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What was chosen of each method on seeds and data that no claim rests on. Variants of a method are
 * not tuned: they have what was chosen for the whole one.
 */
final class Tuning {

  static final List<Long> SEEDS = List.of(101L, 102L);

  /** Share of the training data. */
  static final double TRAINING_SHARE = 0.1;

  /**
   * A method at its best, mean over the seeds.
   *
   * @param tried number of settings of which it is the best, each with all seeds
   */
  record Choice(Method method, Knobs knobs, double accuracy, int tried) {}

  private record Setting(String method, List<String> configuration, double learningRate) {
    static Setting of(ScaleflSettings settings) {
      return new Setting(settings.method(), settings.configuration(), settings.learningRate());
    }

    static Setting of(Method method, Knobs knobs) {
      return new Setting(
          method.label(), method.configuration(knobs.curriculum()), knobs.learningRate());
    }
  }

  private final Map<Method, Choice> choices = new TreeMap<>();

  /**
   * @param all finished runs
   * @param divergences at any seed: knobs at which a method diverged are no choice
   * @param rounds of the runs that are chosen for
   */
  Tuning(
      Collection<ScaleflResult> all,
      Collection<Divergence<ScaleflSettings>> divergences,
      int rounds) {
    Set<Setting> diverged =
        divergences.stream().map(run -> Setting.of(run.settings())).collect(Collectors.toSet());
    Map<Setting, List<ScaleflResult>> tuned =
        all.stream()
            .filter(run -> isTuning(run.settings()) && run.rounds() == rounds)
            .filter(run -> run.settings().trainingShare() == TRAINING_SHARE)
            .filter(run -> run.partition().equals(ScaleflTable.CORE_PARTITION))
            .collect(Collectors.groupingBy(run -> Setting.of(run.settings())));
    for (Method method : methods(List.of())) {
      List<Knobs> tried =
          grid(method).stream()
              .filter(
                  knobs -> hasAllSeeds(tuned.getOrDefault(Setting.of(method, knobs), List.of())))
              .filter(Predicate.not(knobs -> diverged.contains(Setting.of(method, knobs))))
              .toList();
      tried.stream()
          .map(
              knobs ->
                  new Choice(
                      method, knobs, mean(tuned.get(Setting.of(method, knobs))), tried.size()))
          .max(Comparator.comparingDouble(Choice::accuracy))
          .ifPresent(choice -> choices.put(method, choice));
    }
  }

  private static boolean hasAllSeeds(List<ScaleflResult> runs) {
    return runs.stream().map(ScaleflResult::seed).toList().containsAll(SEEDS);
  }

  private static double mean(List<ScaleflResult> runs) {
    return runs.stream().mapToDouble(ScaleflResult::accuracy).average().orElseThrow();
  }

  static boolean isTuning(ScaleflSettings settings) {
    return SEEDS.contains(settings.seed());
  }

  /** What is tried of a method: three learning rates, with a curriculum three of its strengths. */
  static List<Knobs> grid(Method method) {
    List<Knobs> grid = new ArrayList<>();
    for (double learningRate : Knobs.LEARNING_RATES) {
      for (Curriculum curriculum :
          method.lambda() || method.gamma() ? Knobs.CURRICULA : List.of(Knobs.USUAL.curriculum())) {
        grid.add(new Knobs(learningRate, curriculum));
      }
    }
    return grid;
  }

  /**
   * The methods to tune.
   *
   * @param chosen by name; empty for all that are no variants
   * @throws IllegalArgumentException if one of them is a variant
   */
  static List<Method> methods(List<Method> chosen) {
    for (Method method : chosen) {
      if (method.isVariant()) {
        throw new IllegalArgumentException(
            "method '%s' is a variant and has what is chosen for '%s', tune that"
                .formatted(method.label(), whole(method).label()));
      }
    }
    return chosen.isEmpty()
        ? Arrays.stream(Method.values()).filter(Predicate.not(Method::isVariant)).toList()
        : chosen;
  }

  private static Method whole(Method method) {
    return method.isVariant() ? Method.SCALEFL : method;
  }

  /** Whether something was chosen for a method, or for the one that it is a variant of. */
  boolean isTuned(Method method) {
    return choices.containsKey(whole(method));
  }

  /** The knobs of a method; the usual ones unless it is tuned. */
  Knobs knobs(Method method) {
    return isTuned(method) ? choices.get(whole(method)).knobs() : Knobs.USUAL;
  }

  /** What was chosen, in the order of the methods. */
  Collection<Choice> choices() {
    return choices.values();
  }
}
