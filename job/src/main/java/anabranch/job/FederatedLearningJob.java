// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import anabranch.job.config.FederationConfig;
import anabranch.job.kafka.FederationHead;
import anabranch.job.kafka.FederationSources;
import anabranch.job.kafka.PublishSink;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.message.type.MessageType;
import anabranch.udf.operator.AggregateFunction;
import anabranch.udf.operator.CoordinateFunction;
import anabranch.udf.operator.HeadAnnouncements;
import anabranch.udf.operator.SealFunction;
import anabranch.udf.operator.SegmentPlacement;
import anabranch.udf.operator.ValidateCheckInsFunction;
import anabranch.udf.operator.ValidateControlFunction;
import anabranch.udf.operator.ValidateDeltasFunction;
import anabranch.udf.operator.ValidateModelFunction;
import anabranch.udf.operator.ValidateUpdatesFunction;
import anabranch.udf.round.FederationPolicy;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The stream, in one method. The package's page has the drawing.
 *
 * <p>Uids never change: a savepoint finds its state by them. Names may.
 */
public final class FederatedLearningJob {

  /** The one key of operators that see everything. */
  private static final int ONE_KEY = 0;

  private final FederationConfig config;
  private final FederationHead head;
  private final boolean rollback;

  /**
   * @param head what stands on the topics now
   * @param rollback whether a state older than that goes on under a new incarnation
   */
  public FederatedLearningJob(FederationConfig config, FederationHead head, boolean rollback) {
    this.config = config;
    this.head = head;
    this.rollback = rollback;
  }

  /** Adds the federation's operators to an environment. */
  public void define(StreamExecutionEnvironment env) {
    ExecutionSettings.apply(env, config, head.manifest());
    Properties client = config.kafka().clientProperties();
    FederationSources sources = new FederationSources(config.topics(), client);
    FederationPolicy policy = config.policy(FederationPolicy.AUTO_HOLD_BUDGET);
    SegmentPlacement placement = new SegmentPlacement(head.manifest().segments().size());

    SingleOutputStreamOperator<Header> updates =
        source(env, sources.updates(), "updates")
            .process(
                new ValidateUpdatesFunction(
                    head.manifest(), policy.bounds(), policy.rule(), policy.similarity()))
            .returns(MessageType.HEADER)
            .uid("validate-updates")
            .name("validate updates");
    SingleOutputStreamOperator<Header> checkIns =
        source(env, sources.clients(), "check-ins")
            .process(new ValidateCheckInsFunction())
            .returns(MessageType.HEADER)
            .uid("validate-check-ins")
            .name("validate check-ins");
    SingleOutputStreamOperator<Header> model =
        source(env, sources.model(), "model")
            .process(new ValidateModelFunction(head.manifest()))
            .returns(MessageType.HEADER)
            .uid("validate-model")
            .name("validate model");

    SingleOutputStreamOperator<Header> deltas =
        source(env, sources.deltas(head.deltasNeededSince()), "deltas")
            .process(new ValidateDeltasFunction(head.manifest()))
            .returns(MessageType.HEADER)
            .uid("validate-deltas")
            .name("validate deltas");

    SingleOutputStreamOperator<Header> decisions =
        source(env, sources.control(), "control")
            .process(new ValidateControlFunction())
            .returns(MessageType.HEADER)
            .uid("validate-control")
            .name("validate control");

    SingleOutputStreamOperator<Order> orders =
        updates
            .union(checkIns, model, deltas, decisions)
            .keyBy(header -> ONE_KEY, Types.INT)
            .process(
                new CoordinateFunction(
                    head.manifest(),
                    policy,
                    new HeadAnnouncements(head.announcements(), rollback),
                    PublishSink.TRANSACTION_TIMEOUT.dividedBy(2)))
            .returns(MessageType.ORDER)
            .uid("coordinate")
            .name("coordinate rounds")
            .setParallelism(1)
            .setMaxParallelism(1);

    DataStream<SegmentPayload> segments =
        updates
            .getSideOutput(ValidateUpdatesFunction.SEGMENTS)
            .union(
                model.getSideOutput(ValidateUpdatesFunction.SEGMENTS),
                deltas.getSideOutput(ValidateUpdatesFunction.SEGMENTS));
    SingleOutputStreamOperator<Publication> versions =
        segments
            .keyBy(payload -> placement.key(payload.update().segment()), Types.INT)
            .connect(orders.keyBy(order -> placement.key(order.segment()), Types.INT))
            .process(
                new AggregateFunction(
                    head.manifest(),
                    head.modelPartitions(),
                    head.deltasPartitions(),
                    ExecutionSettings.foldBatchBytes(env)))
            .returns(MessageType.PUBLICATION)
            .uid("aggregate")
            .name("aggregate segments");

    SingleOutputStreamOperator<Publication> announcements =
        orders
            .getSideOutput(CoordinateFunction.DRAFTS)
            .keyBy(draft -> ONE_KEY, Types.INT)
            .connect(
                versions
                    .getSideOutput(AggregateFunction.SEALED)
                    .keyBy(segment -> ONE_KEY, Types.INT))
            .process(new SealFunction(head.manifest(), policy.schedule().freeze()))
            .returns(MessageType.PUBLICATION)
            .uid("seal")
            .name("seal versions")
            .setParallelism(1)
            .setMaxParallelism(1);

    versions
        .union(announcements, orders.getSideOutput(CoordinateFunction.REJECTED))
        .sinkTo(PublishSink.of(config.topics(), client))
        .uid("publish")
        .name("publish")
        .setParallelism(1);
  }

  private static DataStream<ConsumedRecord> source(
      StreamExecutionEnvironment env, KafkaSource<ConsumedRecord> source, String name) {
    return env.fromSource(source, WatermarkStrategy.noWatermarks(), name)
        .returns(MessageType.CONSUMED_RECORD)
        .uid(name);
  }
}
