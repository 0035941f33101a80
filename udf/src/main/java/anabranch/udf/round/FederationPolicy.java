// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
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
 * @param schedule which stage it trains
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
    StageSchedule schedule,
    Curriculum curriculum,
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

  /**
   * @throws IllegalArgumentException if what is given for each stage is not given for the stages of
   *     this model
   */
  public void demandFits(ModelManifest manifest) {
    int stages = schedule.stages(manifest).size();
    int sizes = cohort.requiredMemoryBytes().size();
    if (sizes != 1 && sizes != stages) {
      throw new IllegalArgumentException(
          ("cohort.required-memory has %d sizes, and with schedule.blocks '%s' the model '%s' has %d"
                  + " stages: give one size for all or one for each stage")
              .formatted(sizes, schedule.order().keyword(), manifest.architecture(), stages));
    }
  }

  /** {@link #holdBudgetBytes}, or what stands for it on this machine. */
  long effectiveHoldBudgetBytes() {
    return holdBudgetBytes == AUTO_HOLD_BUDGET
        ? Runtime.getRuntime().maxMemory() / AUTO_HEAP_SHARE
        : holdBudgetBytes;
  }
}
