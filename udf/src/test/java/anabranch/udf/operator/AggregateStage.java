// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.message.type.MessageType;
import anabranch.udf.testkit.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;

/** The aggregators of a job: some subtasks, which can be cut by a snapshot and started anew. */
final class AggregateStage implements AutoCloseable {

  private static final SegmentPlacement PLACEMENT =
      new SegmentPlacement(Models.MANIFEST.segments().size());

  final List<Publication> published = new ArrayList<>();
  final List<Sealed> sealed = new ArrayList<>();
  private final Supplier<StateBackend> backend;
  private final int foldBatchBytes;
  private List<KeyedTwoInputStreamOperatorTestHarness<Integer, SegmentPayload, Order, Publication>>
      subtasks;

  AggregateStage(Supplier<StateBackend> backend, int foldBatchBytes) throws Exception {
    this.backend = backend;
    this.foldBatchBytes = foldBatchBytes;
    start(1, null, 1);
  }

  private void start(int parallelism, OperatorSubtaskState state, int before) throws Exception {
    subtasks = new ArrayList<>();
    for (int subtask = 0; subtask < parallelism; subtask++) {
      var harness =
          new KeyedTwoInputStreamOperatorTestHarness<>(
              new KeyedCoProcessOperator<>(
                  new AggregateFunction(Models.MANIFEST, 4, 1, foldBatchBytes)),
              payload -> PLACEMENT.key(payload.update().segment()),
              order -> PLACEMENT.key(order.segment()),
              Types.INT,
              SegmentPlacement.KEY_GROUPS,
              parallelism,
              subtask);
      Harnesses.open(
          harness,
          MessageType.PUBLICATION,
          backend.get(),
          state == null
              ? null
              : AbstractStreamOperatorTestHarness.repartitionOperatorState(
                  state, SegmentPlacement.KEY_GROUPS, before, parallelism, subtask));
      subtasks.add(harness);
    }
  }

  /** A snapshot, the end of all subtasks, and a restore into so many new ones. */
  void restart(int parallelism) throws Exception {
    List<OperatorSubtaskState> states = new ArrayList<>();
    for (var subtask : subtasks) {
      states.add(subtask.snapshot(1, 1));
    }
    OperatorSubtaskState whole =
        AbstractStreamOperatorTestHarness.repackageState(
            states.toArray(OperatorSubtaskState[]::new));
    int before = subtasks.size();
    close();
    start(parallelism, whole, before);
  }

  void payload(SegmentPayload payload) throws Exception {
    var subtask = subtaskOf(payload.update().segment());
    subtask.processElement1(payload, 0);
    collect(subtask);
  }

  void order(Order order) throws Exception {
    var subtask = subtaskOf(order.segment());
    subtask.processElement2(order, 0);
    collect(subtask);
  }

  private KeyedTwoInputStreamOperatorTestHarness<Integer, SegmentPayload, Order, Publication>
      subtaskOf(int segment) {
    return subtasks.get(
        KeyGroupRangeAssignment.assignKeyToParallelOperator(
            PLACEMENT.key(segment), SegmentPlacement.KEY_GROUPS, subtasks.size()));
  }

  private void collect(AbstractStreamOperatorTestHarness<Publication> subtask) {
    published.addAll(subtask.extractOutputValues());
    subtask.getOutput().clear();
    sealed.addAll(Harnesses.side(subtask, AggregateFunction.SEALED));
    if (subtask.getSideOutput(AggregateFunction.SEALED) != null) {
      subtask.getSideOutput(AggregateFunction.SEALED).clear();
    }
  }

  /** Number of keys that have something under a name of state. */
  long keysWith(String state) {
    long keys = 0;
    for (var subtask : subtasks) {
      KeyedStateBackend<?> stored = subtask.getOperator().getKeyedStateBackend();
      try (var found = stored.getKeys(state, VoidNamespace.INSTANCE)) {
        keys += found.count();
      }
    }
    return keys;
  }

  /** Entries in all state, on the heap alone. */
  int entries() {
    return subtasks.stream()
        .mapToInt(KeyedTwoInputStreamOperatorTestHarness::numKeyedStateEntries)
        .sum();
  }

  @Override
  public void close() {
    for (var subtask : subtasks) {
      try {
        subtask.close();
      } catch (Exception e) {
        throw new IllegalStateException("a subtask does not close", e);
      }
    }
  }
}
