// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.model.Block;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Stage;
import anabranch.udf.message.Order.Probe;
import anabranch.udf.movement.FreezeCriterion;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * Which stage of the model a round trains. Only completed rounds count, so a failed round is tried
 * again with the same stage.
 *
 * @param order how stages follow each other
 * @param roundsPerStage completed rounds before the next stage has its turn, at least 1; under
 *     {@link Order#FREEZE} the most that a stage has if it does not settle, 0 for no limit
 * @param unfit what happens when too few clients can train a stage
 * @param freeze when a stage has settled, null where that is not asked
 */
public record StageSchedule(Order order, int roundsPerStage, Unfit unfit, FreezeCriterion freeze)
    implements Serializable {

  public StageSchedule {
    if ((order == Order.FREEZE) != (freeze != null)) {
      throw new IllegalArgumentException("the order FREEZE, and no other, needs a criterion");
    }
  }

  /** How stages follow each other. */
  public enum Order {
    /** One stage: the whole deployed model in every round. */
    WHOLE,
    /** From the first stage again after the last. */
    ROUND_ROBIN,
    /** The last stage keeps its turn. */
    SEQUENTIAL,
    /** The same, but a stage ends when its blocks have settled. */
    FREEZE;

    /** As the configuration has it. */
    String keyword() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What happens when fewer clients than the quorum can train a stage. */
  public enum Unfit {
    /** The federation waits for such clients. */
    HOLD,
    /** The next stage that enough clients can train has its turn; if there is none, as above. */
    SKIP
  }

  /**
   * The stages of a model: those that it declares; if it declares none, one for each block, which
   * holds all others.
   */
  public List<Stage> stages(ModelManifest manifest) {
    if (order == Order.WHOLE) {
      return List.of(new Stage(manifest.deployedBlocks(), List.of()));
    }
    if (!manifest.stages().isEmpty()) {
      return manifest.stages();
    }
    List<Integer> blocks = manifest.blocks().stream().map(Block::index).toList();
    return blocks.stream()
        .map(
            block ->
                new Stage(List.of(block), blocks.stream().filter(b -> !b.equals(block)).toList()))
        .toList();
  }

  /** How the movement of deployed blocks is measured, null if it is not. */
  Probe probe(long seed) {
    return freeze == null ? null : new Probe(seed, freeze.window());
  }

  /** The stage, from 1 to so many, whose turn it is. */
  int stage(Turn turn, int stages) {
    return switch (order) {
      case WHOLE -> 1;
      case ROUND_ROBIN -> (int) (turn.number() % stages) + 1;
      case SEQUENTIAL, FREEZE -> (int) Math.min(turn.number(), stages - 1L) + 1;
    };
  }

  /**
   * Whether a turn under another order says which stage is to follow under this one. Where the last
   * stage keeps its turn, the many turns of an order in which none does would be its end.
   */
  boolean goesOnFrom(Order other) {
    return !keepsLast(order) || keepsLast(other);
  }

  private static boolean keepsLast(Order order) {
    return order == Order.SEQUENTIAL || order == Order.FREEZE;
  }

  /** The turn after another completed round. */
  Turn afterRound(Turn turn) {
    Turn after = new Turn(turn.number(), turn.rounds() + 1);
    boolean limited = freeze == null || roundsPerStage > 0;
    return limited && after.rounds() >= roundsPerStage ? turn.next() : after;
  }

  /** The turn after so many completed rounds, none of whose stages was skipped. */
  Turn afterRounds(long completedRounds) {
    if (freeze != null) {
      return new Turn(0, completedRounds);
    }
    return new Turn(completedRounds / roundsPerStage, completedRounds % roundsPerStage);
  }

  /**
   * The turn of a federation of which only its announcements are left.
   *
   * @param completedRounds of the federation
   * @param planned completed rounds when the newest plan was opened
   * @param plannedStage its stage: that it is another than these rounds make tells of stages that
   *     were skipped, or of another configuration then
   * @param stages of the model
   */
  Turn afterRounds(long completedRounds, long planned, int plannedStage, int stages) {
    Turn turn = afterRounds(completedRounds);
    Turn then = afterRounds(planned);
    for (int skipped = 0; skipped < stages; skipped++) {
      if (stage(then, stages) == plannedStage) {
        return skipped == 0 ? turn : new Turn(turn.number() + skipped, 0);
      }
      then = then.next();
    }
    // So many rounds are the last stage's by now, and that one would keep its turn: stages before
    // it would never have theirs.
    return plannedStage < stages ? new Turn(plannedStage - 1L, 0) : turn;
  }
}
