// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.message.TrainingSettings;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.aggregation.MagnitudeBounds;
import java.io.Serializable;

/**
 * All that the coordinator decides by.
 *
 * @param federation name
 * @param seed of everything that is drawn
 * @param cohort whom a round draws
 * @param round when it ends and what counts
 * @param schedule which blocks it trains
 * @param curriculum with which curriculum weights
 * @param rule how updates combine
 * @param serverLearningRate η, above 0
 * @param training how clients train
 * @param encoding how clients encode
 * @param bounds how large values may be
 * @param similarity whether reports tell how similar the updates of a round were
 * @param downlink how new versions travel as changes, or null to publish each whole
 * @param holdBudgetBytes payload bytes that may wait for the rest of their updates, or {@link
 *     #AUTO_HOLD_BUDGET}
 */
public record FederationPolicy(
    String federation,
    long seed,
    CohortPolicy cohort,
    RoundPolicy round,
    BlockSchedule schedule,
    CurriculumSchedule curriculum,
    AggregationRule rule,
    double serverLearningRate,
    TrainingSettings training,
    EncodingSettings encoding,
    MagnitudeBounds bounds,
    boolean similarity,
    DownlinkPolicy downlink,
    long holdBudgetBytes)
    implements Serializable {

  /** Takes a quarter of the heap of the TaskManager on which the coordinator runs. */
  public static final long AUTO_HOLD_BUDGET = 0;

  /** The heap of a TaskManager, divided by this, is the hold budget when nobody chooses one. */
  public static final int AUTO_HEAP_SHARE = 4;

  /** {@link #holdBudgetBytes}, or what stands for it on this machine. */
  long effectiveHoldBudgetBytes() {
    return holdBudgetBytes == AUTO_HOLD_BUDGET
        ? Runtime.getRuntime().maxMemory() / AUTO_HEAP_SHARE
        : holdBudgetBytes;
  }
}
