// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.Where;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which runs make the table. */
public final class ScaleflTable {

  /** Rounds of a run that counts. */
  public static final int ROUNDS = 120;

  /** The split of the core table. */
  public static final String CORE_PARTITION = "dirichlet(0.5)";

  static final List<Long> SEEDS = List.of(1L, 2L, 3L);

  /** The methods of the core table. */
  static final List<Method> CORE =
      List.of(
          Method.FEDAVG_UNLIMITED,
          Method.EXCLUSIVEFL,
          Method.ALLSMALL,
          Method.HETEROFL,
          Method.SCALEFL);

  /** Splits on which the methods beside the variants run too. */
  private static final List<String> OTHER_PARTITIONS = List.of("iid", "dirichlet(0.1)");

  private static final int CLIENTS = 100;
  private static final int COHORT = 10;
  private static final int BATCH_SIZE = 32;
  private static final double MOMENTUM = 0.9;
  private static final int EPOCHS = 1;

  private ScaleflTable() {}

  /**
   * A run of the table.
   *
   * @param partition notation of the split
   */
  public record Cell(Method method, String partition, long seed) {}

  /** All cells: the core table by seeds, then the others. */
  public static List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (long seed : SEEDS) {
      CORE.forEach(method -> cells.add(new Cell(method, CORE_PARTITION, seed)));
    }
    for (long seed : SEEDS) {
      for (Method method : Method.values()) {
        if (!CORE.contains(method)) {
          cells.add(new Cell(method, CORE_PARTITION, seed));
        }
      }
    }
    for (long seed : SEEDS) {
      for (String partition : OTHER_PARTITIONS) {
        Arrays.stream(Method.values())
            .filter(method -> !method.isVariant())
            .forEach(method -> cells.add(new Cell(method, partition, seed)));
      }
    }
    return cells;
  }

  static List<String> partitions() {
    List<String> partitions = new ArrayList<>(List.of(CORE_PARTITION));
    partitions.addAll(OTHER_PARTITIONS);
    return partitions;
  }

  /**
   * The settings of a run that counts.
   *
   * @param trainingSamples of the data set
   */
  static ScaleflSettings settings(
      Cell cell, int rounds, Knobs knobs, int trainingSamples, Where where) {
    return settings(cell, rounds, knobs, trainingSamples, 1, EPOCHS, where);
  }

  /**
   * The settings of a run of tuning.
   *
   * @param rounds of a run that counts
   * @param trainingSamples of the data set
   */
  static ScaleflSettings tuning(
      Method method, long seed, int rounds, Knobs knobs, int trainingSamples) {
    return settings(
        new Cell(method, CORE_PARTITION, seed),
        Tuning.rounds(rounds),
        knobs,
        trainingSamples,
        Tuning.TRAINING_SHARE,
        Tuning.EPOCHS,
        Where.DRIVER);
  }

  private static ScaleflSettings settings(
      Cell cell,
      int rounds,
      Knobs knobs,
      int trainingSamples,
      double trainingShare,
      int epochs,
      Where where) {
    return new ScaleflSettings(
        cell.method().label(),
        cell.method().configuration(knobs, rounds),
        cell.method().modelSettings(),
        cell.partition(),
        cell.seed(),
        rounds,
        CLIENTS,
        COHORT,
        trainingSamples,
        trainingShare,
        knobs.learningRate(),
        MOMENTUM,
        BATCH_SIZE,
        epochs,
        where);
  }
}
