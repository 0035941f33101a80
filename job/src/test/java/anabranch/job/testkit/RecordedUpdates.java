// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.protocol.avro.UpdateParts;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * One recorded set of updates, made from seeds: for ten rounds twelve clients that never hear each
 * other nor the model. A third of the clients sends dense float32, a third affine codes of eight
 * bits, a third the five largest of a hundred values as float16 with Rice-coded indices.
 */
public final class RecordedUpdates {

  public static final int ROUNDS = 10;
  public static final int CLIENTS = 12;

  private static final List<EncodingSettings> ENCODINGS =
      List.of(
          EncodingSettings.DENSE_F32,
          new EncodingSettings("affine-8", Reference.DELTA, Index.DENSE, Value.AFFINE, 8, 1),
          new EncodingSettings("top-5%-f16", Reference.DELTA, Index.RICE, Value.F16, 16, 0.05));

  private final TestModel model;
  private final Map<Integer, List<SegmentUpdate>> recorded = new ConcurrentHashMap<>();

  public RecordedUpdates(TestModel model) {
    this.model = model;
  }

  /** The clients' check-ins, with sessions that never change. */
  public List<ClientCheckIn> checkIns() {
    return IntStream.range(0, CLIENTS)
        .mapToObj(
            client ->
                new ClientCheckIn(
                    id(client),
                    session(client),
                    ClientCheckIn.Status.READY,
                    samples(client),
                    0,
                    "recorded"))
        .toList();
  }

  /** A client's id. */
  public static String id(int client) {
    return "client-%02d".formatted(client);
  }

  static long session(int client) {
    return 1_000 + client;
  }

  /** The weight of a client's updates. */
  public static long samples(int client) {
    return 1 + new SplittableRandom(client).nextInt(5_000);
  }

  /**
   * A client's answer to a plan, as records: one a segment for every other client, else as few as
   * there can be. Rounds after the tenth are the ten again.
   */
  public List<ClientUpdate> answer(Plan plan, int client) {
    List<SegmentUpdate> segments =
        segments(plan.round(), client).stream()
            .filter(s -> plan.trainBlocks().contains(block(s)))
            .toList();
    if (client % 2 == 0) {
      return UpdateParts.split(part(plan, client, 0, 1, segments));
    }
    List<ClientUpdate> parts = new ArrayList<>();
    for (SegmentUpdate segment : segments) {
      parts.add(part(plan, client, parts.size(), segments.size(), List.of(segment)));
    }
    return parts;
  }

  private int block(SegmentUpdate segment) {
    return model.manifest().segments().get(segment.segment()).block();
  }

  private static ClientUpdate part(
      Plan plan, int client, int part, int parts, List<SegmentUpdate> segments) {
    return new ClientUpdate(
        id(client),
        session(client),
        plan.planId(),
        plan.round(),
        part,
        parts,
        samples(client),
        part == 0 ? Map.of("loss", 1.0 / (client + plan.round())) : Map.of(),
        segments,
        null,
        null);
  }

  /** What a client sends in a round, all segments of the model in order. */
  public List<SegmentUpdate> segments(long round, int client) {
    int of = (int) ((round - 1) % ROUNDS);
    return recorded.computeIfAbsent(
        of * CLIENTS + client,
        number ->
            model.manifest().segments().stream()
                .map(segment -> record(segment, number, client))
                .toList());
  }

  private static SegmentUpdate record(Segment segment, int number, int client) {
    SplittableRandom random = new SplittableRandom(number * 1_000L + segment.index());
    float[] values = new float[segment.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.scalb(random.nextDouble() - 0.5, -random.nextInt(12)) * 0.125f;
    }
    boolean buffer = segment.role() == Role.BUFFER;
    return new SegmentEncoder()
        .encode(
            segment.index(),
            values,
            0,
            values.length,
            buffer ? Reference.WEIGHTS : Reference.DELTA,
            buffer ? EncodingSettings.DENSE_F32 : ENCODINGS.get(client % ENCODINGS.size()),
            0);
  }
}
