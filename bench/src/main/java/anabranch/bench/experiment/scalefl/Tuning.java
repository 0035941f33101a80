// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.Divergence;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What was chosen of each method on seeds and data that no claim rests on: the best learning rate,
 * then at that rate the best strength of the method's own knob, so the same number of settings for
 * each. Variants of a method are not tuned: they have what was chosen for the whole one.
 */
final class Tuning {

  static final List<Long> SEEDS = List.of(101L, 102L);

  /** Share of the training data. */
  static final double TRAINING_SHARE = 0.1;

  /** Passes of a client in a round: with a tenth of the samples one pass would be two steps. */
  static final int EPOCHS = 3;

  /** Of so many rounds in a run that counts, a run of tuning has one. */
  private static final int FEWER_ROUNDS = 3;

  /** A method at its best, mean over the seeds. */
  record Choice(Method method, Knobs knobs, double accuracy) {}

  private final Map<Method, Choice> choices = new TreeMap<>();
  private final Map<Method, Set<Knobs>> tried = new EnumMap<>(Method.class);

  /**
   * @param all finished runs
   * @param divergences at any seed: knobs at which a method diverged are no choice
   * @param rounds of the runs that are chosen for
   */
  Tuning(
      Collection<ScaleflResult> all,
      Collection<Divergence<ScaleflSettings>> divergences,
      int rounds) {
    List<ScaleflResult> tuned =
        all.stream()
            .filter(run -> isTuning(run.settings()) && run.rounds() == rounds(rounds))
            .filter(run -> run.settings().trainingShare() == TRAINING_SHARE)
            .filter(run -> run.settings().epochs() == EPOCHS)
            .filter(run -> run.partition().equals(ScaleflTable.CORE_PARTITION))
            .toList();
    for (Method method : methods(List.of())) {
      Set<Knobs> known = new HashSet<>();
      for (Knobs knobs : grid()) {
        if (divergences.stream().anyMatch(run -> method.has(knobs, run.settings()))) {
          known.add(knobs);
          continue;
        }
        List<ScaleflResult> runs =
            tuned.stream().filter(run -> method.has(knobs, run.settings())).toList();
        if (hasAllSeeds(runs)) {
          known.add(knobs);
          choices.merge(method, new Choice(method, knobs, mean(runs)), Tuning::better);
        }
      }
      tried.put(method, known);
    }
  }

  private static Choice better(Choice one, Choice other) {
    return other.accuracy() > one.accuracy() ? other : one;
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

  /** Rounds of a run of tuning for runs of so many that count. */
  static int rounds(int counted) {
    return Math.max(1, counted / FEWER_ROUNDS);
  }

  private static List<Knobs> grid() {
    return Knobs.LEARNING_RATES.stream()
        .flatMap(rate -> Knobs.STRENGTHS.stream().map(strength -> new Knobs(rate, strength)))
        .toList();
  }

  /**
   * What is to be tried of a method: all learning rates at the usual strength, and when these have
   * run the other strengths at the best of them.
   */
  List<Knobs> toTry(Method method) {
    List<Knobs> rates =
        Knobs.LEARNING_RATES.stream().map(rate -> new Knobs(rate, Knobs.USUAL.strength())).toList();
    Choice choice = choices.get(method);
    if (choice == null || !tried.get(method).containsAll(rates)) {
      return rates;
    }
    return Knobs.STRENGTHS.stream()
        .map(strength -> new Knobs(choice.knobs().learningRate(), strength))
        .toList();
  }

  /** How many settings of a method have run with all seeds, or diverged. */
  int tried(Method method) {
    return tried.get(method).size();
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
