// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static anabranch.udf.testkit.UpdateBuilder.answer;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.message.Plan;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.message.Order;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.round.RoundPolicy.Parts;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.PolicyBuilder;
import anabranch.udf.testkit.UpdateBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What aggregators receive in a few rounds, as a real coordinator orders it. The clients of each
 * round come in a random order, and each has its own codec; who is admitted is always the same.
 *
 * <p>Round 1: all segments, a duplicate, and a client that is refused. Round 2 fails after a fold.
 * Round 3: nobody brings segment 3. Then drops for what comes after the close, a version published
 * again, and a last round.
 */
final class RecordedRounds {

  private static final List<String> CLIENTS = List.of("a", "b", "c");
  private static final List<EncodingSettings> CODECS =
      List.of(
          EncodingSettings.DENSE_F32,
          new EncodingSettings("top", Reference.DELTA, Index.RICE, Value.AFFINE, 4, 0.5),
          new EncodingSettings("drawn", Reference.DELTA, Index.SEEDED, Value.F16, 16, 0.6));

  final List<SegmentPayload> payloads = new ArrayList<>();
  private final ControlPlane plane;
  private final Random random;

  private RecordedRounds(AggregationRule rule, Random random) {
    this.random = random;
    PolicyBuilder policy = policy().cohort(3).parts(Parts.INDEPENDENT).rule(rule).learningRate(0.5);
    plane =
        ControlPlane.fresh(policy.build(), List.of(Models.announced(0, 1, 1), Models.initial()));
  }

  static RecordedRounds of(AggregationRule rule, Random random) {
    RecordedRounds recorded = new RecordedRounds(rule, random);
    recorded.load();
    Plan first = recorded.plane.plan();
    recorded.round(100, 0, 1, 2, 3, 4);
    recorded.failedRound();
    recorded.round(300, 0, 1, 2, 4);
    recorded.send(answer("c", first), 390);
    recorded.plane.restart(Duration.ofMinutes(6));
    recorded.round(400, 0, 1, 2, 3, 4);
    return recorded;
  }

  /** In the sequence in which they were given. */
  List<Order> orders() {
    return plane.output.orders;
  }

  private void load() {
    for (int segment = 0; segment < 5; segment++) {
      for (int version : new int[] {0, 1}) {
        long offset = 10L * version + segment;
        payloads.add(Models.payload(segment, version, offset));
        plane.receive(Models.loaded(segment, version, offset));
      }
    }
    CLIENTS.forEach(plane::checkIn);
  }

  /** All three answer with these segments, one of them a second time. */
  private void round(long firstOffset, int... segments) {
    Plan plan = plane.plan();
    List<Integer> arrival = new ArrayList<>(List.of(0, 1, 2));
    Collections.shuffle(arrival, random);
    for (int i : arrival) {
      String client = CLIENTS.get(i);
      UpdateBuilder update =
          answer(client, plan)
              .part(0, 1, segments)
              .encoding(CODECS.get(i))
              .samples(3 + 2 * i)
              .value((segment, e) -> Math.sin(firstOffset + 100 * i + 10 * segment + e));
      if (client.equals("b") && random.nextBoolean()) {
        send(answer("b", plan).session(5), firstOffset + 50);
      }
      send(update, firstOffset + i);
      if (client.equals("a") && arrival.indexOf(0) < 2) {
        send(update, firstOffset + 60);
      }
    }
  }

  private void failedRound() {
    send(answer("b", plane.plan()), 200);
    plane.passDeadline();
    plane.pass(Duration.ofSeconds(1));
  }

  private void send(UpdateBuilder update, long offset) {
    payloads.addAll(update.payloads(offset));
    plane.receive(update.header(offset));
  }
}
