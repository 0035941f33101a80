// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.type.MessageType;
import anabranch.udf.movement.FreezeCriterion;
import anabranch.udf.round.FederationPolicy;
import anabranch.udf.testkit.Models;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** The operators in Flink's test harness, opened. */
final class Harnesses {

  private Harnesses() {}

  static <I, O> OneInputStreamOperatorTestHarness<I, O> process(
      ProcessFunction<I, O> function, TypeInformation<O> out) throws Exception {
    var harness = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(function));
    harness.setup(out.createSerializer(new SerializerConfigImpl()));
    harness.open();
    return harness;
  }

  /**
   * @param state to restore, or null
   * @param now the harness's clock
   */
  static KeyedOneInputStreamOperatorTestHarness<Integer, Header, Order> coordinate(
      FederationPolicy policy, HeadAnnouncements heads, OperatorSubtaskState state, long now)
      throws Exception {
    var harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(
                new CoordinateFunction(Models.MANIFEST, policy, heads, Duration.ofHours(2))),
            header -> 0,
            Types.INT,
            1,
            1,
            0);
    open(harness, MessageType.ORDER, new HashMapStateBackend(), state);
    harness.setProcessingTime(now);
    return harness;
  }

  /**
   * @param state to restore, or null
   */
  static KeyedTwoInputStreamOperatorTestHarness<Integer, Draft, Sealed, Publication> seal(
      StateBackend backend, OperatorSubtaskState state) throws Exception {
    return seal(backend, state, null);
  }

  /**
   * @param freeze when a stage has settled, or null
   */
  static KeyedTwoInputStreamOperatorTestHarness<Integer, Draft, Sealed, Publication> seal(
      StateBackend backend, OperatorSubtaskState state, FreezeCriterion freeze) throws Exception {
    var harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new KeyedCoProcessOperator<>(new SealFunction(Models.MANIFEST, freeze)),
            draft -> 0,
            segment -> 0,
            Types.INT,
            1,
            1,
            0);
    open(harness, MessageType.PUBLICATION, backend, state);
    return harness;
  }

  static <O> void open(
      AbstractStreamOperatorTestHarness<O> harness,
      TypeInformation<O> out,
      StateBackend backend,
      OperatorSubtaskState state)
      throws Exception {
    harness.setStateBackend(backend);
    harness.setup(out.createSerializer(new SerializerConfigImpl()));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
  }

  /** What a side output holds. */
  static <T> List<T> side(AbstractStreamOperatorTestHarness<?> harness, OutputTag<T> tag) {
    var output = harness.getSideOutput(tag);
    return output == null ? List.of() : output.stream().map(StreamRecord::getValue).toList();
  }
}
