// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.testkit;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.message.TrainingSettings;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.aggregation.MagnitudeBounds;
import anabranch.udf.round.CohortPolicy;
import anabranch.udf.round.Curriculum;
import anabranch.udf.round.Curriculum.Range;
import anabranch.udf.round.DownlinkPolicy;
import anabranch.udf.round.FederationPolicy;
import anabranch.udf.round.LinearCurriculum;
import anabranch.udf.round.RetryPolicy;
import anabranch.udf.round.RoundPolicy;
import anabranch.udf.round.RoundPolicy.Parts;
import anabranch.udf.round.RoundPolicy.Unused;
import anabranch.udf.round.StageSchedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A configuration that a test changes in the few places it is about. As it starts: cohort and
 * quorum of 2, the whole model, a deadline of one minute, backoff from 1 s to 8 s, pause after 3
 * failures.
 */
public final class PolicyBuilder {

  public static final Duration DEADLINE = Duration.ofMinutes(1);

  private long seed = 1;
  private int cohort = 2;
  private double overSelection = 1;
  private int minAvailable = 2;
  private int quorum = 2;
  private long minSamples = 1;
  private List<Long> requiredMemory = List.of(0L);
  private long limit;
  private long maxSamples = 1000;
  private Parts parts = Parts.ATOMIC;
  private Unused unused = Unused.COUNT;
  private RetryPolicy retry = new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), 3);
  private StageSchedule schedule =
      new StageSchedule(StageSchedule.Order.WHOLE, 1, StageSchedule.Unfit.HOLD, null);
  private Curriculum curriculum = new LinearCurriculum(new Range(0, 0), new Range(0, 0), 0, 0);
  private AggregationRule rule = AggregationRule.WEIGHTED_MEAN;
  private double learningRate = 1;
  private Map<String, String> extra = Map.of();
  private boolean similarity;
  private EncodingSettings encoding = EncodingSettings.DENSE_F32;
  private DownlinkPolicy downlink;
  private long holdBudget = 1 << 20;

  public static PolicyBuilder policy() {
    return new PolicyBuilder();
  }

  public PolicyBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** Cohort size, and as many for the quorum and the clients that must be there. */
  public PolicyBuilder cohort(int size) {
    cohort = size;
    return quorum(size);
  }

  public PolicyBuilder overSelection(double factor) {
    overSelection = factor;
    return this;
  }

  public PolicyBuilder quorum(int updates) {
    quorum = updates;
    return minAvailable(updates);
  }

  public PolicyBuilder minAvailable(int clients) {
    minAvailable = clients;
    return this;
  }

  public PolicyBuilder minSamples(long samples) {
    minSamples = samples;
    return this;
  }

  /** For all stages, or for each. */
  public PolicyBuilder requiredMemory(Long... bytes) {
    requiredMemory = List.of(bytes);
    return this;
  }

  public PolicyBuilder limit(long rounds) {
    limit = rounds;
    return this;
  }

  public PolicyBuilder maxSamples(long samples) {
    maxSamples = samples;
    return this;
  }

  public PolicyBuilder parts(Parts value) {
    parts = value;
    return this;
  }

  /** Treatment of late, surplus and duplicate records. */
  public PolicyBuilder unused(Unused value) {
    unused = value;
    return this;
  }

  public PolicyBuilder retry(RetryPolicy value) {
    retry = value;
    return this;
  }

  public PolicyBuilder schedule(StageSchedule.Order order, int roundsPerStage) {
    return schedule(order, roundsPerStage, StageSchedule.Unfit.HOLD);
  }

  public PolicyBuilder schedule(
      StageSchedule.Order order, int roundsPerStage, StageSchedule.Unfit unfit) {
    schedule = new StageSchedule(order, roundsPerStage, unfit, null);
    return this;
  }

  public PolicyBuilder schedule(StageSchedule value) {
    schedule = value;
    return this;
  }

  public PolicyBuilder curriculum(Curriculum value) {
    curriculum = value;
    return this;
  }

  public PolicyBuilder rule(AggregationRule value) {
    rule = value;
    return this;
  }

  public PolicyBuilder learningRate(double value) {
    learningRate = value;
    return this;
  }

  public PolicyBuilder extra(Map<String, String> settings) {
    extra = settings;
    return this;
  }

  public PolicyBuilder similarity() {
    similarity = true;
    return this;
  }

  public PolicyBuilder encoding(EncodingSettings value) {
    encoding = value;
    return this;
  }

  /** Versions travel as changes. */
  public PolicyBuilder downlink(DownlinkPolicy value) {
    downlink = value;
    return this;
  }

  public PolicyBuilder holdBudget(long bytes) {
    holdBudget = bytes;
    return this;
  }

  public FederationPolicy build() {
    return new FederationPolicy(
        Models.FEDERATION,
        seed,
        new CohortPolicy(cohort, overSelection, minAvailable, minSamples, requiredMemory),
        new RoundPolicy(DEADLINE, quorum, limit, maxSamples, parts, unused, unused, unused, retry),
        schedule,
        curriculum,
        rule,
        learningRate,
        new TrainingSettings(1, 8, 0.1, 0, 0, extra),
        encoding,
        new MagnitudeBounds(16, 16),
        similarity,
        downlink,
        holdBudget);
  }
}
