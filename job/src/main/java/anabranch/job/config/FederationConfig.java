// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.protocol.Topics;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.message.TrainingSettings;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.aggregation.MagnitudeBounds;
import anabranch.udf.round.CohortPolicy;
import anabranch.udf.round.Curriculum;
import anabranch.udf.round.FederationPolicy;
import anabranch.udf.round.RoundPolicy;
import anabranch.udf.round.StageSchedule;
import java.util.OptionalLong;

/**
 * A checked configuration: every value is in its range and none contradicts another. The keys, with
 * defaults and units, stand in {@code docs/configuration.md}.
 *
 * @param federation name, fit for topic names
 * @param seed of everything that is drawn
 * @param kafka brokers and topics
 * @param modelRing versions of a segment that the model topic keeps apart, at least 2
 * @param bounds how large values of an update may be
 * @param cohort whom a round draws
 * @param round when a round ends and what counts
 * @param holdBudgetBytes payload bytes that may wait for the rest of their updates; empty to have
 *     it taken from the cluster's memory
 * @param rule how updates combine
 * @param serverLearningRate η, above 0 and at most 1,000,000
 * @param training how clients train
 * @param encoding how clients encode
 * @param downlink how new versions of the model travel
 * @param schedule which stage a round trains
 * @param curriculum with which curriculum weights
 * @param checkpoint how often the job's state is saved and where
 * @param reportSimilarity whether reports tell how similar the updates of a round were
 */
public record FederationConfig(
    String federation,
    long seed,
    KafkaConfig kafka,
    int modelRing,
    MagnitudeBounds bounds,
    CohortPolicy cohort,
    RoundPolicy round,
    OptionalLong holdBudgetBytes,
    AggregationRule rule,
    double serverLearningRate,
    TrainingSettings training,
    EncodingSettings encoding,
    DownlinkConfig downlink,
    StageSchedule schedule,
    Curriculum curriculum,
    CheckpointConfig checkpoint,
    boolean reportSimilarity) {

  /** The names of the federation's topics. */
  public Topics topics() {
    return new Topics(federation);
  }

  /**
   * What the coordinator decides by.
   *
   * @param autoHoldBudgetBytes the budget where {@code hold.budget} is {@code auto}
   */
  public FederationPolicy policy(long autoHoldBudgetBytes) {
    return new FederationPolicy(
        federation,
        seed,
        cohort,
        round,
        schedule,
        curriculum,
        rule,
        serverLearningRate,
        training,
        encoding,
        bounds,
        reportSimilarity,
        downlink.policy(),
        holdBudgetBytes.orElse(autoHoldBudgetBytes));
  }
}
