// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.testkit.Models;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Payloads and orders take different ways to an aggregator, so that each can be first. Whatever
 * order they come in, wherever a snapshot cuts them and however many subtasks go on from it, the
 * same bytes are published and nothing is left behind.
 */
class AggregateInterleavingTest {

  private static final int SEGMENTS = Models.MANIFEST.segments().size();

  static Stream<Arguments> configurations() {
    Supplier<StateBackend> heap = HashMapStateBackend::new;
    Supplier<StateBackend> rocks = EmbeddedRocksDBStateBackend::new;
    return Stream.of(
        Arguments.of(AggregationRule.WEIGHTED_MEAN, Named.of("heap", heap), 0, 100),
        Arguments.of(AggregationRule.WEIGHTED_MEAN, Named.of("heap", heap), 60, 30),
        Arguments.of(AggregationRule.COORDINATE_COUNT_MEAN, Named.of("heap", heap), 0, 40),
        Arguments.of(AggregationRule.WEIGHTED_MEAN, Named.of("RocksDB", rocks), 1 << 20, 100),
        Arguments.of(AggregationRule.COORDINATE_COUNT_MEAN, Named.of("RocksDB", rocks), 40, 10));
  }

  @ParameterizedTest(name = "{0} on {1}, batches of {2} bytes, {3} times")
  @MethodSource("configurations")
  void everyInterleavingPublishesTheSameBytesAndLeavesNothing(
      AggregationRule rule, Supplier<StateBackend> backend, int foldBatchBytes, int times)
      throws Exception {
    Set<String> digests = new HashSet<>();
    for (int seed = 0; seed < times; seed++) {
      digests.add(interleave(rule, backend, foldBatchBytes, new Random(seed)));
    }

    assertThat(digests).containsExactly(reference(rule));
  }

  /** Every payload before every order: the way of a reader who knows no streams. */
  private static String reference(AggregationRule rule) throws Exception {
    RecordedRounds rounds = RecordedRounds.of(rule, new Random(-1));
    try (AggregateStage stage = new AggregateStage(HashMapStateBackend::new, 0)) {
      for (SegmentPayload payload : rounds.payloads) {
        stage.payload(payload);
      }
      for (Order order : rounds.orders()) {
        stage.order(order);
      }
      assertThat(stage.published).hasSize(SEGMENTS * 4);
      return digest(stage);
    }
  }

  private static String interleave(
      AggregationRule rule, Supplier<StateBackend> backend, int foldBatchBytes, Random random)
      throws Exception {
    RecordedRounds rounds = RecordedRounds.of(rule, random);
    List<SegmentPayload> shuffled = new ArrayList<>(rounds.payloads);
    Collections.shuffle(shuffled, random);
    Deque<SegmentPayload> payloads = new ArrayDeque<>(shuffled);
    Deque<Order> orders = new ArrayDeque<>(rounds.orders());
    int total = payloads.size() + orders.size();
    Set<Integer> cuts = Set.of(random.nextInt(total / 2), total / 2 + random.nextInt(total / 2));
    int haste = 1 + random.nextInt(9);
    try (AggregateStage stage = new AggregateStage(backend, foldBatchBytes)) {
      for (int step = 0; step < total; step++) {
        if (cuts.contains(step)) {
          stage.restart(1 + random.nextInt(3));
        }
        boolean order = payloads.isEmpty() || random.nextInt(10) < haste;
        if (order && !orders.isEmpty()) {
          stage.order(orders.remove());
        } else {
          stage.payload(payloads.remove());
        }
      }
      assertThat(stage.keysWith("held")).isZero();
      assertThat(stage.keysWith("queue")).isZero();
      assertThat(stage.keysWith("sum")).isZero();
      assertThat(stage.keysWith("model")).isEqualTo(SEGMENTS);
      assertThat(stage.keysWith("progress")).isEqualTo(SEGMENTS);
      if (backend.get() instanceof HashMapStateBackend) {
        assertThat(stage.entries()).isEqualTo(2 * SEGMENTS);
      }
      return digest(stage);
    }
  }

  /** Over all that left, segment by segment in the sequence in which it left. */
  private static String digest(AggregateStage stage) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    stage.published.sort(
        Comparator.comparing(p -> new String(p.key(), StandardCharsets.UTF_8).split("/")[1]));
    for (Publication record : stage.published) {
      sha.update(record.key());
      sha.update(record.value());
      sha.update(
          ByteBuffer.allocate(12).putLong(record.timestamp()).putInt(record.partition()).array());
    }
    stage.sealed.sort(Comparator.comparing(Sealed::segment));
    for (Sealed sealed : stage.sealed) {
      sha.update(sealed.digest().toBytes());
      sha.update(
          ByteBuffer.allocate(24)
              .putLong(sealed.sequence())
              .putLong(sealed.version())
              .putDouble(sealed.squaredChange())
              .array());
    }
    return HexFormat.of().formatHex(sha.digest());
  }
}
