// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.federation;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.RejectedRecord;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.operator.AggregateFunction;
import anabranch.udf.operator.SealFunction;
import anabranch.udf.operator.ValidateCheckInsFunction;
import anabranch.udf.operator.ValidateControlFunction;
import anabranch.udf.operator.ValidateModelFunction;
import anabranch.udf.operator.ValidateUpdatesFunction;
import anabranch.udf.round.Coordinator;
import anabranch.udf.round.CoordinatorState;
import anabranch.udf.round.FederationPolicy;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.DefaultOpenContext;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * The job without Flink around it: validate, coordinate, aggregate and seal, wired as {@code
 * anabranch.job.FederatedLearningJob} wires them. A record goes through all of them before the next
 * comes, and what they publish can be read at once. Nothing depends on the clock, which stands
 * still while a record is worked on.
 */
final class InProcessJob {

  private static final int ONE_KEY = 0;

  private final ValidateUpdatesFunction validateUpdates;
  private final ValidateCheckInsFunction validateCheckIns = new ValidateCheckInsFunction();
  private final ValidateControlFunction validateControl = new ValidateControlFunction();
  private final ValidateModelFunction validateModel;
  private final Coordinator coordinator;
  private final AggregateFunction aggregate;
  private final SealFunction seal;
  private final OneThreadContext segments = new OneThreadContext();
  private final OneThreadContext versions = new OneThreadContext();
  private final List<Publication> published = new ArrayList<>();
  private final long now;
  private long nextOffset;

  /**
   * @param partitions of the model topic and of the deltas topic
   * @param head the announcement of version 0
   * @param now what the clock shows, in milliseconds since 1970
   */
  InProcessJob(
      ModelManifest manifest,
      FederationPolicy policy,
      int partitions,
      Announcement head,
      long now) {
    this.now = now;
    validateUpdates =
        new ValidateUpdatesFunction(manifest, policy.bounds(), policy.rule(), policy.similarity());
    validateModel = new ValidateModelFunction(manifest);
    aggregate = new AggregateFunction(manifest, partitions, partitions, 0);
    seal = new SealFunction(manifest, policy.schedule().freeze());
    aggregate.setRuntimeContext(segments);
    seal.setRuntimeContext(versions);
    versions.setKey(ONE_KEY);
    validateUpdates.open(DefaultOpenContext.INSTANCE);
    aggregate.open(DefaultOpenContext.INSTANCE);
    seal.open(DefaultOpenContext.INSTANCE);
    coordinator =
        new Coordinator(
            manifest,
            digestOf(manifest),
            policy,
            CoordinatorState.fresh(manifest, List.of(head), now),
            new Decisions());
  }

  private static Digest digestOf(ModelManifest manifest) {
    byte[] record = Records.encode(manifest);
    return Digest.ofContent(record, 0, record.length);
  }

  /** Takes a record of the model topic. */
  List<Publication> model(byte[] key, byte[] value) {
    return receive(validateModel, RecordId.Source.MODEL, key, value);
  }

  /** Takes a record of the clients topic. */
  List<Publication> checkIn(byte[] key, byte[] value) {
    return receive(validateCheckIns, RecordId.Source.CLIENTS, key, value);
  }

  /** Takes a record of the control topic. */
  List<Publication> control(byte[] key, byte[] value) {
    return receive(validateControl, RecordId.Source.CONTROL, key, value);
  }

  /** Takes a record of the updates topic. */
  List<Publication> update(byte[] key, byte[] value) {
    return receive(validateUpdates, RecordId.Source.UPDATES, key, value);
  }

  private List<Publication> receive(
      ProcessFunction<ConsumedRecord, Header> validate,
      RecordId.Source source,
      byte[] key,
      byte[] value) {
    ConsumedRecord record = new ConsumedRecord(new RecordId(source, 0, nextOffset++), key, value);
    List<Header> headers = new ArrayList<>();
    unchecked(
        () ->
            validate.processElement(
                record, validatingContext(validate), new ListCollector<>(headers)));
    for (Header header : headers) {
      if (header instanceof Header.Unusable unusable) {
        throw new DivergedException(
            "a record of %s was refused: %s".formatted(unusable.clientId(), unusable.detail()));
      }
      coordinator.receive(header, now);
    }
    coordinator.visible(now);
    List<Publication> out = List.copyOf(published);
    published.clear();
    return out;
  }

  private void aggregate(SegmentPayload payload) {
    int segment = payload.update().segment();
    segments.setKey(segment);
    unchecked(() -> aggregate.processElement1(payload, aggregateContext(segment), publisher()));
  }

  private void aggregate(Order order) {
    segments.setKey(order.segment());
    unchecked(
        () -> aggregate.processElement2(order, aggregateContext(order.segment()), publisher()));
  }

  private Collector<Publication> publisher() {
    return new ListCollector<>(published);
  }

  private final class Decisions implements Coordinator.Output {

    @Override
    public void order(Order order) {
      aggregate(order);
    }

    @Override
    public void draft(Draft draft) {
      unchecked(() -> seal.processElement1(draft, sealContext(), publisher()));
    }

    @Override
    public void reject(RejectedRecord rejected) {
      throw new IllegalStateException("a record was rejected: " + rejected);
    }
  }

  private AggregateFunction.Context aggregateContext(int key) {
    return aggregate.new Context() {
      @Override
      public Long timestamp() {
        return now;
      }

      @Override
      public TimerService timerService() {
        return new StandingClock(now);
      }

      @Override
      public <X> void output(OutputTag<X> tag, X value) {
        unchecked(() -> seal.processElement2((Sealed) value, sealContext(), publisher()));
      }

      @Override
      public Integer getCurrentKey() {
        return key;
      }
    };
  }

  private SealFunction.Context sealContext() {
    return seal.new Context() {
      @Override
      public Long timestamp() {
        return now;
      }

      @Override
      public TimerService timerService() {
        return new StandingClock(now);
      }

      @Override
      public <X> void output(OutputTag<X> tag, X value) {
        throw new UnsupportedOperationException("seal has no side output");
      }

      @Override
      public Integer getCurrentKey() {
        return ONE_KEY;
      }
    };
  }

  private ProcessFunction<ConsumedRecord, Header>.Context validatingContext(
      ProcessFunction<ConsumedRecord, Header> function) {
    return function.new Context() {
      @Override
      public Long timestamp() {
        return now;
      }

      @Override
      public TimerService timerService() {
        return new StandingClock(now);
      }

      @Override
      public <X> void output(OutputTag<X> tag, X value) {
        aggregate((SegmentPayload) value);
      }
    };
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Functions of Flink may throw anything; the coordinator's output may not. */
  private static void unchecked(Step step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A clock that stands still and rings for nobody. */
  private record StandingClock(long currentProcessingTime) implements TimerService {

    @Override
    public long currentWatermark() {
      return Long.MIN_VALUE;
    }

    @Override
    public void registerProcessingTimeTimer(long time) {
      throw new UnsupportedOperationException(UNSUPPORTED_REGISTER_TIMER_MSG);
    }

    @Override
    public void registerEventTimeTimer(long time) {
      throw new UnsupportedOperationException(UNSUPPORTED_REGISTER_TIMER_MSG);
    }

    @Override
    public void deleteProcessingTimeTimer(long time) {
      throw new UnsupportedOperationException(UNSUPPORTED_DELETE_TIMER_MSG);
    }

    @Override
    public void deleteEventTimeTimer(long time) {
      throw new UnsupportedOperationException(UNSUPPORTED_DELETE_TIMER_MSG);
    }
  }
}
