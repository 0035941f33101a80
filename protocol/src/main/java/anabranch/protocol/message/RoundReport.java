// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

import java.util.List;
import java.util.Map;

/**
 * What happened in a round, on {@code <f>.rounds} under the key of its number. Times are
 * milliseconds since 1970 on the job's clocks, 0 for what did not happen.
 *
 * @param federation name
 * @param incarnation as in the announcement
 * @param round number
 * @param planId of the round, 0 when no plan was opened
 * @param outcome how it ended
 * @param modelVersion after the round
 * @param stage of block-wise training
 * @param lambda λ_t of the plan
 * @param gamma γ_t of the plan
 * @param trainedBlocks indices
 * @param eligible clients that could have been drawn
 * @param cohort ids of those that were drawn
 * @param quorum updates that were needed
 * @param note for people: a cohort that was clamped, why the federation pauses
 * @param contributions of a completed round, by client id
 * @param metrics of the contributions, averaged by weight in client-id order
 * @param openedAt when the cohort was drawn
 * @param visibleAt when the plan could be read
 * @param firstUpdateAt when the first record for the plan came
 * @param closedAt when the round was closed
 * @param sealedAt when the last segment of the new version was out
 * @param recordBytes bytes of all records consumed since the report before
 * @param payloadBytes index and value bytes of the folded updates
 * @param denseBytes what these would have taken as dense float32
 * @param deltaNorm Euclidean norm of the model's change
 * @param ledger since the report before
 * @param total since the incarnation began
 * @param movement of the stage, where a stage ends when its blocks have settled; null otherwise
 */
public record RoundReport(
    String federation,
    int incarnation,
    long round,
    long planId,
    RoundOutcome outcome,
    long modelVersion,
    int stage,
    double lambda,
    double gamma,
    List<Integer> trainedBlocks,
    int eligible,
    List<String> cohort,
    int quorum,
    String note,
    List<Contribution> contributions,
    Map<String, Double> metrics,
    long openedAt,
    long visibleAt,
    long firstUpdateAt,
    long closedAt,
    long sealedAt,
    long recordBytes,
    long payloadBytes,
    long denseBytes,
    double deltaNorm,
    Ledger ledger,
    Ledger total,
    StageMovement movement) {

  public RoundReport {
    trainedBlocks = List.copyOf(trainedBlocks);
    cohort = List.copyOf(cohort);
    contributions = List.copyOf(contributions);
    metrics = Map.copyOf(metrics);
  }

  /**
   * Whether it shows that the model is trained block by block. A whole model is trained as stage 1
   * without weights, so a first stage without weights does not show it.
   */
  public boolean showsStages() {
    return stage > 1 || lambda > 0 || gamma > 0;
  }

  /** The same report, with what is known once the new version is out. */
  public RoundReport sealed(long sealedAt, double deltaNorm, StageMovement movement) {
    return new RoundReport(
        federation,
        incarnation,
        round,
        planId,
        outcome,
        modelVersion,
        stage,
        lambda,
        gamma,
        trainedBlocks,
        eligible,
        cohort,
        quorum,
        note,
        contributions,
        metrics,
        openedAt,
        visibleAt,
        firstUpdateAt,
        closedAt,
        sealedAt,
        recordBytes,
        payloadBytes,
        denseBytes,
        deltaNorm,
        ledger,
        total,
        movement);
  }
}
