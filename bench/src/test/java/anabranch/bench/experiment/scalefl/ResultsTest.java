// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.bench.experiment.Divergence;
import anabranch.bench.experiment.Where;
import anabranch.bench.experiment.scalefl.Results.Budget;
import anabranch.bench.experiment.scalefl.ScaleflResult.Point;
import anabranch.bench.experiment.scalefl.ScaleflTable.Cell;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResultsTest {

  private static final int ROUNDS = 10;
  private static final String SPLIT = ScaleflTable.CORE_PARTITION;

  /** Two megabytes a round, one point of accuracy a round. */
  private static final ScaleflResult DEAR = run(Method.EXCLUSIVEFL, 1, Knobs.USUAL, 2, 0);

  /** One megabyte a round, and three points less. */
  private static final ScaleflResult CHEAP = run(Method.SCALEFL, 1, Knobs.USUAL, 1, -3);

  @Test
  void methodsAreComparedAtEqualRoundsAndAtWhatTheThriftierOneSpent() {
    Results results = results(List.of(DEAR, CHEAP), List.of());

    assertThat(differences(results, Budget.ROUNDS)).containsExactly(-3.0);
    // Curves are straight, so the mean of their last quarter is what they reach at 7/8. Of the ten
    // megabytes that the cheap one took, the dear one has completed 8.75 / 2 rounds there.
    assertThat(differences(results, Budget.UPLINK)).containsExactly(8.75 - 3 - 8.75 / 2);
    // Both ways the cheap one took 30 megabytes, and the dear one takes four a round.
    assertThat(differences(results, Budget.TRAFFIC)).containsExactly(8.75 - 3 - 26.25 / 4);
  }

  @Test
  void whatWasMeasuredBeyondTheBudgetIsNotCompared() {
    // Ten rounds of the cheap one are as much as three of this one, too few to be compared.
    ScaleflResult dearest = run(Method.EXCLUSIVEFL, 1, Knobs.USUAL, 3, 0);
    Results results = results(List.of(dearest, CHEAP), List.of());

    assertThat(differences(results, Budget.UPLINK)).isEmpty();
    assertThat(page(List.of(dearest, CHEAP)))
        .contains("| `exclusivefl`, not tuned | 1 | -3.00 | – | +0.50 | -3.00 |");
  }

  @Test
  void methodsWhoseClientsTakeAPartOfWhatTheyReadAreNotComparedByWhatTheyRead() {
    ScaleflResult slices = run(Method.HETEROFL, 1, Knobs.USUAL, 2, 0);
    Results results = results(List.of(slices, CHEAP), List.of());

    for (Budget budget : Budget.values()) {
      assertThat(results.differences(Method.SCALEFL, Method.HETEROFL, SPLIT, budget))
          .hasSize(budget == Budget.TRAFFIC ? 0 : 1);
    }
    assertThat(page(List.of(slices, CHEAP)))
        .contains("| `heterofl`, not tuned | 1 | -3.00 | +1.38 | – | -3.00 |")
        .contains("Clients of `heterofl` read whole blocks here");
  }

  @Test
  void ofTwinsTheOneCountsWhoseDownlinkIsWhatClientsMustRead() {
    ScaleflResult twin = inCluster(CHEAP);
    Results results = results(List.of(twin, CHEAP, inCluster(DEAR)), List.of());

    assertThat(results.of(Method.SCALEFL, SPLIT).values()).containsExactly(CHEAP);
    assertThat(results.throughCluster()).isEqualTo(2);
    assertThat(results.twins().count()).isEqualTo(1);
    assertThat(page(List.of(twin, CHEAP))).contains("1 of the 1 runs went through a broker");
  }

  @Test
  void curvesHavePointsAfterEachOfTheFourStages() {
    ScaleflSettings settings =
        ScaleflTable.settings(
            new Cell(Method.SCALEFL, SPLIT, 1),
            ScaleflTable.ROUNDS,
            Knobs.USUAL,
            60_000,
            Where.DRIVER);
    long lastTenth = ScaleflTable.ROUNDS - ScaleflTable.ROUNDS / 10;
    List<Long> measured =
        LongStream.rangeClosed(1, lastTenth).filter(settings::isMeasured).boxed().toList();

    assertThat(measured).hasSize(21);
    Map<Long, Long> byStage = measured.stream().collect(groupingBy(round -> round % 4, counting()));

    assertThat(byStage).containsOnlyKeys(0L, 1L, 2L, 3L);
    assertThat(Collections.max(byStage.values()) - Collections.min(byStage.values()))
        .isLessThanOrEqualTo(1);
    assertThat(LongStream.rangeClosed(lastTenth + 1, ScaleflTable.ROUNDS))
        .allMatch(settings::isMeasured);
  }

  @Test
  void runsOfOtherKnobsThanTheChosenOnesDoNotCount() {
    Knobs chosen = new Knobs(0.05, 1);
    ScaleflResult chosenRun = run(Method.SCALEFL, 1, chosen, 1, 0);

    Results results =
        results(join(List.of(CHEAP, chosenRun), tuned(Method.SCALEFL, chosen, 0)), List.of());

    assertThat(results.of(Method.SCALEFL, SPLIT).values()).containsExactly(chosenRun);
  }

  @Test
  void knobsAtWhichAMethodDivergedAreNoChoice() {
    Knobs wild = new Knobs(0.05, 1);
    List<ScaleflResult> tuned =
        join(tuned(Method.SCALEFL, wild, 9), tuned(Method.SCALEFL, Knobs.USUAL, 0));
    Divergence<ScaleflSettings> diverged =
        new Divergence<>(run(Method.SCALEFL, 3, wild, 1, 0).settings(), "value 0 is NaN");

    assertThat(new Tuning(tuned, List.of(), ROUNDS).knobs(Method.SCALEFL)).isEqualTo(wild);
    assertThat(new Tuning(tuned, List.of(diverged), ROUNDS).knobs(Method.SCALEFL))
        .isEqualTo(Knobs.USUAL);
  }

  @Test
  void settingsThatLackOneOfTheTuningSeedsAreNoChoice() {
    Knobs half = new Knobs(0.05, 1);
    List<ScaleflResult> runs = List.of(run(Method.SCALEFL, 101, half, 1, 9));

    Tuning tuning = new Tuning(runs, List.of(), ROUNDS);

    assertThat(tuning.choices()).isEmpty();
    assertThat(tuning.knobs(Method.SCALEFL)).isEqualTo(Knobs.USUAL);
  }

  @Test
  void strengthsAreTriedAtTheBestLearningRateOnceAllRatesHaveRun() {
    List<Double> rates = Knobs.LEARNING_RATES;
    Divergence<ScaleflSettings> highest =
        new Divergence<>(
            tuned(Method.HETEROFL, new Knobs(rates.get(3), 1), 0).get(0).settings(), "NaN");
    List<ScaleflResult> some =
        join(
            tuned(Method.HETEROFL, new Knobs(rates.get(0), 1), 0),
            tuned(Method.HETEROFL, new Knobs(rates.get(1), 1), 9));
    List<ScaleflResult> all = join(some, tuned(Method.HETEROFL, new Knobs(rates.get(2), 1), 5));

    assertThat(new Tuning(some, List.of(highest), ROUNDS).toTry(Method.HETEROFL))
        .containsExactlyElementsOf(rates.stream().map(rate -> new Knobs(rate, 1)).toList());
    Tuning complete = new Tuning(all, List.of(highest), ROUNDS);
    assertThat(complete.toTry(Method.HETEROFL))
        .containsExactlyElementsOf(
            Knobs.STRENGTHS.stream().map(strength -> new Knobs(rates.get(1), strength)).toList());
    assertThat(complete.tried(Method.HETEROFL)).isEqualTo(rates.size());
  }

  @Test
  void aMethodsOwnKnobIsItsCurriculumOrTheServersLearningRate() {
    Knobs twice = new Knobs(0.02, 2);

    assertThat(Method.SCALEFL.configuration(twice, ROUNDS))
        .contains("curriculum.lambda.from=2.0", "curriculum.gamma.from=0.2")
        .noneMatch(key -> key.startsWith("aggregation."));
    assertThat(Method.EXCLUSIVEFL.configuration(twice, ROUNDS))
        .containsExactly("aggregation.server-learning-rate=2.0");
    assertThat(Method.ABLATION_NO_MENTOR.configuration(twice, ROUNDS))
        .noneMatch(key -> key.startsWith("curriculum.") || key.startsWith("aggregation."));
  }

  @Test
  void variantsHaveTheKnobsOfTheWholeMethodWhateverTheirOwnRunsSay() {
    Knobs chosen = new Knobs(0.01, 2);
    Knobs own = new Knobs(0.05, 0.5);
    Tuning tuning =
        new Tuning(
            join(tuned(Method.SCALEFL, chosen, 0), tuned(Method.ABLATION_NO_TAIL, own, 9)),
            List.of(),
            ROUNDS);

    assertThat(tuning.knobs(Method.ABLATION_NO_TAIL)).isEqualTo(chosen);
    assertThat(tuning.choices()).extracting(Tuning.Choice::method).containsOnly(Method.SCALEFL);
    assertThat(tuning.knobs(Method.ALLSMALL)).isEqualTo(Knobs.USUAL);
  }

  @Test
  void methodsToTuneAreAllThatAreNoVariants() {
    assertThat(Tuning.methods(List.of()))
        .contains(Method.FEDAVG_UNLIMITED, Method.SEQUENTIAL_FREEZE, Method.SCALEFL)
        .noneMatch(Method::isVariant);
    assertThat(Tuning.methods(List.of(Method.DEPTHFL))).containsExactly(Method.DEPTHFL);
    assertThatThrownBy(() -> Tuning.methods(List.of(Method.ABLATION_NO_TAIL)))
        .hasMessageContainingAll("'ablation-no-tail' is a variant", "'scalefl'");
  }

  @Test
  void pageHasARowForEachMethodAndItsDifferences() {
    List<ScaleflResult> runs = List.of(DEAR, CHEAP);
    assertThat(page(join(List.of(), tuned(Method.SCALEFL, new Knobs(0.1, 1), 0))))
        .contains("| `scalefl` | 0.1\\* | curriculum | 1.0 | ");
    assertThat(page(join(runs, tuned(Method.SCALEFL, Knobs.USUAL, 0))))
        .contains("## `scalefl` against the others", "| `scalefl` | 0.02 | curriculum | 1.0 | ")
        .doesNotContain("## `scalefl-masked` against")
        .contains("| `scalefl` | 1 | 7.00 | 50 | 1.0 | 10.0 | 20.0 | 10.0 |")
        .contains("| `exclusivefl`, not tuned | 1 | 10.00 | 50 | 1.0 | 20.0 | 20.0 | 10.0 |")
        .contains(
            "equal rounds | equal uploaded bytes | equal bytes both ways | equal client compute |")
        .contains("| `exclusivefl`, not tuned | 1 | -3.00 | +1.38 | -0.81 | -3.00 |");
  }

  private static String page(List<ScaleflResult> runs) {
    Tuning tuning = new Tuning(runs, List.of(), ROUNDS);
    return new ScaleflReport(new Results(runs, tuning, ROUNDS), tuning, List.of(), ROUNDS).page();
  }

  private static List<Double> differences(Results results, Budget budget) {
    return results.differences(Method.SCALEFL, Method.EXCLUSIVEFL, SPLIT, budget);
  }

  private static Results results(
      List<ScaleflResult> runs, List<Divergence<ScaleflSettings>> divergences) {
    return new Results(runs, new Tuning(runs, divergences, ROUNDS), ROUNDS);
  }

  private static List<ScaleflResult> tuned(Method method, Knobs knobs, double shift) {
    return Tuning.SEEDS.stream().map(seed -> run(method, seed, knobs, 1, shift)).toList();
  }

  private static List<ScaleflResult> join(List<ScaleflResult> some, List<ScaleflResult> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  private static ScaleflResult inCluster(ScaleflResult run) {
    Cell cell = new Cell(Method.named(run.method()), SPLIT, run.seed());
    return new ScaleflResult(
        run.method(),
        run.partition(),
        run.seed(),
        run.rounds(),
        run.parameters(),
        run.accuracy(),
        run.participation(),
        run.peakMemoryBytes(),
        run.uplinkBytes(),
        2 * run.downlinkBytes(),
        run.clientComputeFlops(),
        run.seconds(),
        Where.CLUSTER,
        run.modelSha256(),
        ScaleflTable.settings(cell, ROUNDS, Knobs.USUAL, 60_000, Where.CLUSTER),
        run.points(),
        run.stages());
  }

  /**
   * A run whose accuracy after round r is r + {@code shift}; two megabytes are read and a teraflop
   * is computed in a round.
   */
  private static ScaleflResult run(
      Method method, long seed, Knobs knobs, int megabytes, double shift) {
    ScaleflSettings settings =
        Tuning.SEEDS.contains(seed)
            ? ScaleflTable.tuning(method, seed, ROUNDS, knobs, 60_000)
            : ScaleflTable.settings(
                new Cell(method, SPLIT, seed), ROUNDS, knobs, 60_000, Where.DRIVER);
    List<Point> points =
        IntStream.rangeClosed(1, ROUNDS)
            .mapToObj(
                r -> new Point(r, r + shift, r * megabytes * 1_000_000L, r * 2_000_000L, r * 1e12))
            .toList();
    return new ScaleflResult(
        method.label(),
        SPLIT,
        seed,
        settings.rounds(),
        1_000,
        ROUNDS + shift,
        0.5,
        1 << 20,
        ROUNDS * megabytes * 1_000_000L,
        ROUNDS * 2_000_000L,
        1e12 * ROUNDS,
        1,
        Where.DRIVER,
        "00",
        settings,
        points,
        List.of());
  }
}
