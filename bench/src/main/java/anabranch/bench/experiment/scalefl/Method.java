// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.bench.experiment.compression.CompressionTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The methods that are compared. */
public enum Method {
  /** Every client trains the whole model, whatever memory it has: what nobody can do. */
  FEDAVG_UNLIMITED("fedavg-unlimited", Part.WHOLE),
  /** Only clients with the memory for the whole model take part. */
  EXCLUSIVEFL("exclusivefl", Part.WHOLE),
  /** All clients train one model, as narrow as the poorest of them needs it. */
  ALLSMALL("allsmall", Part.NARROW_FOR_ALL),
  /**
   * Every client trains the leading channels of the model, as many as it has memory for; every
   * coordinate is averaged over those who had it (Diao et al. 2021, arXiv:2010.01264).
   */
  HETEROFL("heterofl", Part.LEADING_CHANNELS),
  /** HeteroFL with other channels in every round (Alam et al. 2022, arXiv:2212.01548). */
  FEDROLEX("fedrolex", Part.ROLLING_CHANNELS),
  /**
   * Every client trains the first layers, as many as it has memory for, with a classifier at each
   * depth; these learn from each other, and every block is averaged over those who had it (Kim et
   * al., ICLR 2023). What counts is the ensemble of all classifiers, as there; without FedDyn,
   * which the publication combines it with.
   */
  DEPTHFL("depthfl", Part.FIRST_LAYERS),
  /**
   * One stage after the other, each until it has settled, without curriculum and tails, after ProFL
   * (Wu et al. 2024, arXiv:2404.13349).
   */
  SEQUENTIAL_FREEZE("sequential-freeze", Part.STAGES, false, false, false, false),
  /** Stages in turn, each with a tail and the curriculum's loss (Wu et al., arXiv:2408.10826). */
  SCALEFL("scalefl", Part.STAGES, true, true, true, true),
  /**
   * SCALEFL whose clients leave alone what the classifier knows of labels that they do not have.
   * That is not in the paper: an output module has its turn once in a cycle, and what a one-sided
   * cohort has made of it stays until then.
   */
  SCALEFL_MASKED("scalefl-masked", Part.STAGES, true, true, true, true),
  /** SCALEFL with the encoding that is recommended, both ways. */
  SCALEFL_COMPRESSED("scalefl-compressed", Part.STAGES, true, true, true, true),
  ABLATION_NO_MENTOR("ablation-no-mentor", Part.STAGES, false, false, true, true),
  ABLATION_LAMBDA_ONLY("ablation-lambda-only", Part.STAGES, true, false, true, true),
  ABLATION_GAMMA_ONLY("ablation-gamma-only", Part.STAGES, false, true, true, true),
  ABLATION_NO_GROWTH("ablation-no-growth", Part.STAGES, true, true, false, true),
  ABLATION_NO_TAIL("ablation-no-tail", Part.STAGES, true, true, true, false);

  /** What of the model a client trains. */
  enum Part {
    WHOLE,
    NARROW_FOR_ALL,
    LEADING_CHANNELS,
    ROLLING_CHANNELS,
    FIRST_LAYERS,
    STAGES
  }

  private static final String CUTS = "2,4,6";
  private static final int STAGES = CUTS.split(",").length + 1;

  private final String label;
  private final Part part;
  private final boolean lambda;
  private final boolean gamma;
  private final boolean grows;
  private final boolean tail;

  Method(String label, Part part) {
    this(label, part, false, false, false, false);
  }

  Method(String label, Part part, boolean lambda, boolean gamma, boolean grows, boolean tail) {
    this.label = label;
    this.part = part;
    this.lambda = lambda;
    this.gamma = gamma;
    this.grows = grows;
    this.tail = tail;
  }

  /** Name in tables and on the command line. */
  public String label() {
    return label;
  }

  /** Whether it is SCALEFL with something beside it or without one of its parts. */
  boolean isVariant() {
    return label.startsWith("scalefl-") || label.startsWith("ablation-");
  }

  Part part() {
    return part;
  }

  /** Whether the loss has the term λ·nHSIC(X; Z). */
  boolean lambda() {
    return lambda;
  }

  /** Whether the loss has the term γ·nHSIC(Y; Z). */
  boolean gamma() {
    return gamma;
  }

  /** Whether the loss has one of the two terms: how strong they are is the method's own knob. */
  boolean hasCurriculum() {
    return lambda || gamma;
  }

  /** Whether clients train slices of the channels, which leaves the other coordinates out. */
  boolean slices() {
    return part == Part.LEADING_CHANNELS || part == Part.ROLLING_CHANNELS;
  }

  /**
   * Whether clients read whole blocks and take only a part of them. A server of such a method would
   * send that part, so what they read here is no measure of it.
   */
  boolean readsMoreThanItTakes() {
    return slices() || part == Part.FIRST_LAYERS;
  }

  /**
   * Whether logits of labels that a client does not have count 0 in its loss (arXiv:2010.01264,
   * section 3).
   */
  boolean masksAbsentLabels() {
    return slices() || this == SCALEFL_MASKED;
  }

  /** Settings of the network, beside those of every method. */
  Map<String, String> modelSettings() {
    return switch (part) {
      case STAGES ->
          gamma
              ? Map.of("cuts", CUTS, "tail", Boolean.toString(tail))
              // Nothing else than the term of γ trains the projection heads.
              : Map.of("cuts", CUTS, "tail", Boolean.toString(tail), "projection", "");
      // An exit ends each part; nothing measures features there.
      case FIRST_LAYERS -> Map.of("cuts", CUTS, "tail", "false", "projection", "");
      default -> Map.of();
    };
  }

  /** Whether a run is one of this method with these knobs. */
  boolean has(Knobs knobs, ScaleflSettings settings) {
    return label.equals(settings.method())
        && knobs.learningRate() == settings.learningRate()
        && configuration(knobs, settings.rounds()).equals(settings.configuration());
  }

  /**
   * Keys of {@code federation.yaml}, each {@code key=value}.
   *
   * @param rounds of the run
   */
  List<String> configuration(Knobs knobs, int rounds) {
    List<String> keys = new ArrayList<>();
    Curriculum curriculum = Curriculum.ofStrength(knobs.strength());
    if (part == Part.STAGES) {
      keys.add("schedule.blocks=" + (grows ? "round-robin" : "freeze"));
      if (!grows) {
        // The published window of 20 and 15 values are for a thousand rounds.
        keys.add("schedule.freeze.window=6");
        keys.add("schedule.freeze.evaluations=8");
        keys.add("schedule.freeze.level=0.7");
        // So the last stage has its turn, in time for as many rounds as each before it.
        keys.add("schedule.freeze.rounds=" + Math.max(1, rounds / STAGES));
      }
    }
    if (lambda) {
      keys.add("curriculum.lambda.from=" + curriculum.high());
      keys.add("curriculum.lambda.to=" + curriculum.low());
    }
    if (gamma) {
      keys.add("curriculum.gamma.from=" + curriculum.low());
      keys.add("curriculum.gamma.to=" + curriculum.high());
    }
    // Without its curriculum SCALEFL has none of its own knob, and no other instead.
    if (!hasCurriculum() && !isVariant()) {
      keys.add("aggregation.server-learning-rate=" + knobs.strength());
    }
    if (this == SCALEFL_COMPRESSED) {
      keys.addAll(CompressionTable.RECOMMENDED.configuration());
    }
    if (part == Part.FIRST_LAYERS) {
      // The first stage has all exits; the second, the deployed model, never has its turn.
      keys.add("schedule.blocks=sequential");
      keys.add("schedule.rounds-per-block=1000000");
    }
    if (slices() || part == Part.FIRST_LAYERS) {
      keys.add("aggregation.rule=coordinate-count-mean");
      // Of all elements those that changed: coordinates that a client does not have stay away.
      keys.add("encoding.index=smallest");
      keys.add("encoding.fraction=1");
    }
    return List.copyOf(keys);
  }

  /**
   * @throws IllegalArgumentException if there is no method of that name
   */
  public static Method named(String label) {
    return Arrays.stream(values())
        .filter(method -> method.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "method '%s' is not known, choose one of %s"
                        .formatted(label, Arrays.stream(values()).map(Method::label).toList())));
  }
}
