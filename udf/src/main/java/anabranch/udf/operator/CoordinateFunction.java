// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.RejectedRecord;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.type.MessageType;
import anabranch.udf.round.Coordinator;
import anabranch.udf.round.CoordinatorGauges;
import anabranch.udf.round.CoordinatorState;
import anabranch.udf.round.FederationPolicy;
import anabranch.udf.round.ModelMissingException;
import anabranch.udf.similarity.Nd4jCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Runs the {@link Coordinator} in Flink: one key, one subtask, processing-time timers. Its state is
 * small and lives on the heap; it is written as one piece at each snapshot.
 *
 * <p>Main output: orders. Side outputs: drafts of announcements, and rejected records.
 */
public final class CoordinateFunction extends KeyedProcessFunction<Integer, Header, Order>
    implements CheckpointedFunction, CheckpointListener {

  public static final OutputTag<Draft> DRAFTS = new OutputTag<>("drafts", MessageType.DRAFT);
  public static final OutputTag<Publication> REJECTED =
      new OutputTag<>("rejected", MessageType.PUBLICATION);

  /**
   * A timer is never further away than this. What a restore owes (versions whose transaction
   * expired, a limit that was raised) needs a key context, and perhaps no client will ever send.
   */
  private static final long PULSE_MILLIS = 10_000;

  private final ModelManifest manifest;
  private final FederationPolicy policy;
  private final HeadAnnouncements heads;
  private final Duration republishAfter;

  private transient ListState<byte[]> stored;
  private transient CoordinatorState restored;
  private transient Coordinator coordinator;
  private transient ContextOutput output;
  private transient long registeredWake;
  private transient long planCheckpoint;
  private transient long planInCheckpoint;

  /**
   * @param heads the newest announcements when the job was submitted
   * @param republishAfter outage after which the newest version is published again: half the Kafka
   *     transaction timeout, since an expired transaction has lost it
   */
  public CoordinateFunction(
      ModelManifest manifest,
      FederationPolicy policy,
      HeadAnnouncements heads,
      Duration republishAfter) {
    this.manifest = manifest;
    this.policy = policy;
    this.heads = heads;
    this.republishAfter = republishAfter;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    stored =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "coordinator", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    for (byte[] bytes : stored.get()) {
      restored = CoordinatorState.read(manifest, bytes);
    }
    if (restored != null && !restored.fits(manifest)) {
      throw new SuppressRestartsException(
          new IllegalStateException(
              "the savepoint is of another model than the one on the topics of '%s': start without it"
                  .formatted(policy.federation())));
    }
    if (restored != null && restored.isBehind(heads.newest()) && !heads.rollback()) {
      throw new SuppressRestartsException(
          new IllegalStateException(
              ("the state is older than the topic: it knows announcement %d (model version %d,"
                      + " incarnation %d), %s has %d (model version %d, incarnation %d). Start from a"
                      + " newer savepoint, or with --rollback to go on from this state under a new"
                      + " incarnation")
                  .formatted(
                      restored.sequence(),
                      restored.modelVersion(),
                      restored.incarnation(),
                      policy.federation(),
                      heads.newest().sequence(),
                      heads.newest().modelVersion(),
                      heads.newest().incarnation())));
    }
  }

  @Override
  public void open(OpenContext context) {
    output = new ContextOutput();
    registeredWake = Long.MAX_VALUE;
    planInCheckpoint = 0;
    // Not of the manifest as this release would write it: the record may be of an older schema.
    Digest manifestDigest = heads.newest().manifest();
    long now = System.currentTimeMillis();
    CoordinatorState state =
        restored != null ? restored : CoordinatorState.fresh(manifest, heads.newestFirst(), now);
    try {
      if (policy.similarity()) {
        Nd4jCheck.demand("report.similarity");
      }
      coordinator = new Coordinator(manifest, manifestDigest, policy, state, output);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new SuppressRestartsException(e);
    }
    MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("fl");
    CoordinatorGauges.of(coordinator)
        .forEach((name, value) -> metrics.gauge(name, (Gauge<Number>) value::get));
  }

  @Override
  public void processElement(Header header, Context context, Collector<Order> out) {
    long now = context.timerService().currentProcessingTime();
    output.connect(context, out);
    continueAfterRestore(now);
    coordinator.receive(header, now);
    armTimer(context, now);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Order> out) {
    long now = context.timerService().currentProcessingTime();
    output.connect(context, out);
    continueAfterRestore(now);
    if (timestamp >= registeredWake) {
      registeredWake = Long.MAX_VALUE;
    }
    try {
      coordinator.wake(now);
    } catch (ModelMissingException e) {
      throw new SuppressRestartsException(e);
    }
    armTimer(context, now);
  }

  /** Orders need a key context, so this waits for the first element or timer. */
  private void continueAfterRestore(long now) {
    if (restored == null) {
      return;
    }
    boolean behind = restored.isBehind(heads.newest());
    restored = null;
    if (behind) {
      try {
        coordinator.rollBack(heads.newestFirst(), now);
      } catch (ModelMissingException e) {
        throw new SuppressRestartsException(e);
      }
    } else {
      coordinator.resumeAfterRestore(now, republishAfter.toMillis());
    }
  }

  private void armTimer(Context context, long now) {
    long wake = Math.min(coordinator.wakeAt(now), now + PULSE_MILLIS);
    if (wake < registeredWake) {
      context.timerService().registerProcessingTimeTimer(wake);
      registeredWake = wake;
    }
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    if (restored != null) {
      // What was restored still stands in the list, and its outage has not been counted.
      return;
    }
    stored.update(List.of(coordinator.state().write(System.currentTimeMillis())));
    long openPlan = coordinator.invisiblePlan();
    if (openPlan != 0 && openPlan != planInCheckpoint) {
      planInCheckpoint = openPlan;
      planCheckpoint = context.getCheckpointId();
    }
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    if (checkpointId >= planCheckpoint && coordinator.invisiblePlan() == planInCheckpoint) {
      coordinator.visible(System.currentTimeMillis());
    }
  }

  /** Sends decisions to the outputs of the element or timer that is being processed. */
  private final class ContextOutput implements Coordinator.Output {

    private Context context;
    private Collector<Order> orders;

    void connect(Context current, Collector<Order> out) {
      context = current;
      orders = out;
    }

    @Override
    public void order(Order order) {
      orders.collect(order);
    }

    @Override
    public void draft(Draft draft) {
      context.output(DRAFTS, draft);
    }

    @Override
    public void reject(RejectedRecord rejected) {
      byte[] key =
          rejected.clientId() == null ? null : rejected.clientId().getBytes(StandardCharsets.UTF_8);
      context.output(
          REJECTED,
          new Publication(
              Publication.Topic.REJECTED,
              Publication.ANY_PARTITION,
              key,
              Records.encode(rejected),
              context.timerService().currentProcessingTime()));
    }
  }
}
