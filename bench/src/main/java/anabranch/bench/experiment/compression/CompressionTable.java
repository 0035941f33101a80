// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.Where;
import anabranch.bench.experiment.compression.Claim.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Which runs make the table of compression, and what they are to show. */
public final class CompressionTable {

  /** Rounds of a run that counts. */
  public static final int ROUNDS = 120;

  /** The split on which claims rest: each client knows about two labels. */
  public static final String SHARDS = "shard(2)";

  static final List<String> PARTITIONS = List.of(SHARDS, "dirichlet(0.1)", "iid");

  private static final int CLIENTS = 20;
  private static final int COHORT = 10;
  private static final int BATCH_SIZE = 20;
  private static final int EPOCHS = 1;

  private static final int CLAIM_SEEDS = Claim.SEEDS;
  private static final int OTHER_SEEDS = 3;

  private static final Preset TOP_K = new Preset("top-k(0.1, f16)");
  private static final Preset STC_100 = new Preset("stc(1/100) both ways");
  private static final Preset STC_400 = new Preset("stc(1/400) both ways");
  private static final Preset ONE_PERCENT = new Preset("top-k(0.01)");
  private static final Preset FORGETFUL = new Preset("top-k(0.01) without error feedback");
  private static final Preset ONE_BIT = new Preset("probabilistic(1, plain)");
  private static final Preset ONE_BIT_ROTATED = new Preset("probabilistic(1, rotated)");
  private static final Preset TWO_BITS_ROTATED = new Preset("probabilistic(2, rotated)");

  /** Chosen on the tuning seeds, see {@link Tuning#recommended}. */
  public static final Preset RECOMMENDED = new Preset("group-stc(1/25) both ways");

  /** The presets that run on every split. */
  static final List<Preset> MAIN =
      List.of(Preset.FEDAVG, TOP_K, STC_100, STC_400, TWO_BITS_ROTATED);

  /** Presets that claims need beside them. */
  private static final List<Preset> CLAIMED =
      List.of(RECOMMENDED, ONE_PERCENT, FORGETFUL, ONE_BIT, ONE_BIT_ROTATED);

  /** Presets that the table shows and no claim needs. */
  private static final List<Preset> SHOWN =
      List.of(
          new Preset("dense-f16"),
          new Preset("group-stc(1/50) both ways"),
          new Preset("stc(1/100)"),
          new Preset("stc(1/400)"),
          new Preset("qsgd(4)"));

  private static final List<Preset> FAMILIES =
      Stream.of(
              "top-k(0.1, f16)",
              "top-k(0.03, f16)",
              "top-k(0.01, f16)",
              "stc(1/25) both ways",
              "stc(1/100) both ways",
              "stc(1/400) both ways",
              "group-stc(1/25) both ways",
              "group-stc(1/35) both ways",
              "group-stc(1/50) both ways",
              "group-stc(1/100) both ways",
              "probabilistic(1, rotated)",
              "probabilistic(2, rotated)",
              "probabilistic(4, rotated)",
              "qsgd(2)",
              "qsgd(4)",
              "qsgd(8)")
          .map(Preset::new)
          .toList();

  static final List<Claim> CLAIMS =
      List.of(
          new Claim(
              "a tenth of the elements as float16, with error feedback, is at most 0.3 points worse",
              TOP_K,
              Preset.FEDAVG,
              Kind.AT_MOST_WORSE,
              0.3),
          new Claim(
              "sparse ternary compression of a hundredth, both ways, is at most 1 point worse",
              STC_100,
              Preset.FEDAVG,
              Kind.AT_MOST_WORSE,
              1),
          new Claim(
              "the recommended preset is at most 1 point worse",
              RECOMMENDED,
              Preset.FEDAVG,
              Kind.AT_MOST_WORSE,
              1),
          new Claim(
              "the recommended preset against sparse ternary compression of as many bytes",
              RECOMMENDED,
              STC_100,
              Kind.STATED,
              0),
          new Claim(
              "sparse ternary compression of a four-hundredth, both ways",
              STC_400,
              Preset.FEDAVG,
              Kind.STATED,
              0),
          new Claim(
              "at a hundredth of the elements error feedback is better with every seed, in the mean"
                  + " by at least 2 points",
              ONE_PERCENT,
              FORGETFUL,
              Kind.ALWAYS_BETTER,
              2),
          new Claim(
              "one bit without rotation is at least 4 points worse",
              ONE_BIT,
              Preset.FEDAVG,
              Kind.AT_LEAST_WORSE,
              4),
          new Claim("one bit with rotation", ONE_BIT_ROTATED, Preset.FEDAVG, Kind.STATED, 0),
          new Claim(
              "two bits with rotation are at most 1 point worse",
              TWO_BITS_ROTATED,
              Preset.FEDAVG,
              Kind.AT_MOST_WORSE,
              1));

  private CompressionTable() {}

  /** All presets of a split, in the order of the table. */
  static List<Preset> presets(String partition) {
    List<Preset> presets = new ArrayList<>(MAIN);
    if (partition.equals(SHARDS)) {
      presets.addAll(CLAIMED);
      presets.addAll(SHOWN);
    }
    return presets;
  }

  /**
   * Presets whose learning rate is chosen: those of the table, and of each family that could be
   * recommended three members, which are the three values of its own knob.
   */
  public static List<Preset> tuned() {
    return Stream.concat(presets(SHARDS).stream(), FAMILIES.stream()).distinct().toList();
  }

  /** Seeds of a row: five where a claim rests on it, else three. */
  private static LongStream seeds(Preset preset, String partition) {
    boolean claim = partition.equals(SHARDS) && (MAIN.contains(preset) || CLAIMED.contains(preset));
    return LongStream.rangeClosed(1, claim ? CLAIM_SEEDS : OTHER_SEEDS);
  }

  /** A row of the table: which method on which split with which seed. */
  public record Cell(Preset preset, String partition, long seed) {}

  /** All cells, those with low seeds first. */
  public static List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (String partition : PARTITIONS) {
      for (Preset preset : presets(partition)) {
        seeds(preset, partition).forEach(seed -> cells.add(new Cell(preset, partition, seed)));
      }
    }
    return cells;
  }

  /**
   * The settings of a run.
   *
   * @param trainingShare share of the training samples, 1 for a run that counts
   */
  static RunSettings settings(
      Cell cell, int rounds, double learningRate, double trainingShare, Where where) {
    return new RunSettings(
        cell.preset().name(),
        cell.preset().configuration(),
        cell.partition(),
        cell.seed(),
        rounds,
        CLIENTS,
        COHORT,
        learningRate,
        BATCH_SIZE,
        EPOCHS,
        trainingShare,
        where);
  }
}
