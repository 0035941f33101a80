// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

import anabranch.protocol.codec.EncodingSettings;
import java.util.List;

/**
 * What the clients of a cohort are asked to do in a round.
 *
 * @param planId identity that every update quotes: a hash chain over the previous plan id, the
 *     round, the admitted set of the round before and the configuration
 * @param previousPlanId 0 for the first plan
 * @param round number from 1, rising by 1 with every plan, failed ones included
 * @param cohort client ids that may answer, sorted
 * @param trainBlocks indices of the blocks to train, rising; each at the version that the
 *     announcement names
 * @param holdBlocks indices of the blocks that are needed but not trained, rising
 * @param stage of block-wise training, from 1; 1 when the whole model is trained
 * @param lambda weight λ_t of nHSIC(X; Z) in the loss, 0 when not used
 * @param gamma weight γ_t of nHSIC(Y; Z) in the loss, 0 when not used
 * @param requiredMemoryBytes memory that training takes; clients with less were not drawn
 * @param seed public seed of this round: batch order, seeded masks
 * @param durationMillis time from the moment the plan becomes visible to the deadline
 * @param training how to train
 * @param encoding how to encode
 * @param grids one for each trained block
 * @param maxSamples the most that one update's weight counts
 */
public record Plan(
    long planId,
    long previousPlanId,
    long round,
    List<String> cohort,
    List<Integer> trainBlocks,
    List<Integer> holdBlocks,
    int stage,
    double lambda,
    double gamma,
    long requiredMemoryBytes,
    long seed,
    long durationMillis,
    TrainingSettings training,
    EncodingSettings encoding,
    List<BlockGrid> grids,
    long maxSamples) {

  public Plan {
    cohort = List.copyOf(cohort);
    trainBlocks = List.copyOf(trainBlocks);
    holdBlocks = List.copyOf(holdBlocks);
    grids = List.copyOf(grids);
  }
}
