// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.ClientUpdate;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Ways to spoil a sound update record, each with the reason for which it is refused. */
enum Garbage {
  RANDOM_BYTES("UNREADABLE"),
  NO_BYTES("UNREADABLE"),
  TOMBSTONE("UNREADABLE"),
  TRUNCATED("UNREADABLE"),
  UNKNOWN_FINGERPRINT("UNREADABLE"),
  NO_SAMPLES("UNREADABLE"),
  VALUES_TOO_SHORT("LENGTH"),
  COUNT_BEYOND_SEGMENT("COUNT"),
  SEGMENT_NOT_IN_MANIFEST("SEGMENT"),
  SEGMENT_TWICE_IN_RECORD("SEGMENT"),
  DIFFERENCES_AS_WEIGHTS("WRONG_REFERENCE"),
  NOT_A_NUMBER("MAGNITUDE"),
  HUGE("MAGNITUDE"),
  UNKNOWN_CLIENT("UNKNOWN_CLIENT"),
  WRONG_SESSION("UNKNOWN_SESSION"),
  UNKNOWN_PLAN("UNKNOWN_PLAN"),
  FUTURE_PLAN("FUTURE_PLAN");

  private final String reason;

  Garbage(String reason) {
    this.reason = reason;
  }

  /** The reason that stands on the rejected topic. */
  String reason() {
    return reason;
  }

  /**
   * Whether it takes a record's first segment, as float32 differences of all elements, to spoil.
   */
  private boolean needsDenseDifferences() {
    return switch (this) {
      case VALUES_TOO_SHORT, COUNT_BEYOND_SEGMENT, DIFFERENCES_AS_WEIGHTS, NOT_A_NUMBER, HUGE ->
          true;
      default -> false;
    };
  }

  /** Whether behind the sound record it would count as its duplicate. */
  boolean needsToBeFirst() {
    return this == DIFFERENCES_AS_WEIGHTS;
  }

  /** Whether the record can be spoilt in this way. */
  boolean spoils(byte[] sound) {
    if (this == SEGMENT_TWICE_IN_RECORD) {
      return 2 * sound.length < Records.MAX_BYTES;
    }
    SegmentUpdate first = decode(sound).segments().get(0);
    return !needsDenseDifferences()
        || first.reference() == Reference.DELTA
            && first.indexCode() instanceof IndexCode.Dense
            && first.valueCode() instanceof ValueCode.F32;
  }

  /** A spoilt copy. */
  byte[] of(byte[] sound, Random random) {
    return switch (this) {
      case RANDOM_BYTES -> {
        byte[] bytes = new byte[random.nextInt(2_000)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case NO_BYTES -> new byte[0];
      case TOMBSTONE -> null;
      case TRUNCATED -> Arrays.copyOf(sound, random.nextInt(sound.length));
      case UNKNOWN_FINGERPRINT -> {
        byte[] bytes = sound.clone();
        bytes[2 + random.nextInt(Long.BYTES)] ^= 0x40;
        yield bytes;
      }
      default -> Records.encode(spoil(decode(sound)));
    };
  }

  private static ClientUpdate decode(byte[] sound) {
    try {
      return Records.decodeClientUpdate(sound);
    } catch (MalformedUpdateException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private ClientUpdate spoil(ClientUpdate u) {
    long session = u.session();
    long plan = u.planId();
    return switch (this) {
      case NO_SAMPLES -> copy(u, u.clientId(), session, plan, u.round(), 0, u.segments());
      case UNKNOWN_CLIENT -> copy(u, "nobody", session, plan, u.round(), u.samples(), u.segments());
      case WRONG_SESSION ->
          copy(u, u.clientId(), session + 1, plan, u.round(), u.samples(), u.segments());
      case UNKNOWN_PLAN ->
          copy(u, u.clientId(), session, ~plan, u.round(), u.samples(), u.segments());
      case FUTURE_PLAN ->
          copy(u, u.clientId(), session, ~plan, u.round() + 1_000, u.samples(), u.segments());
      case SEGMENT_TWICE_IN_RECORD -> with(u, List.of(u.segments().get(0), u.segments().get(0)));
      default -> with(u, List.of(spoil(u.segments().get(0))));
    };
  }

  private SegmentUpdate spoil(SegmentUpdate s) {
    return switch (this) {
      case SEGMENT_NOT_IN_MANIFEST ->
          copy(s, 999, s.reference(), s.count(), UnaryOperator.identity());
      case VALUES_TOO_SHORT ->
          copy(s, s.segment(), s.reference(), s.count(), v -> Arrays.copyOf(v, v.length - 1));
      case COUNT_BEYOND_SEGMENT ->
          copy(s, s.segment(), s.reference(), 1 << 30, UnaryOperator.identity());
      case DIFFERENCES_AS_WEIGHTS ->
          copy(s, s.segment(), Reference.WEIGHTS, s.count(), UnaryOperator.identity());
      case NOT_A_NUMBER ->
          copy(s, s.segment(), s.reference(), s.count(), v -> withLastFloat(v, Float.NaN));
      case HUGE -> copy(s, s.segment(), s.reference(), s.count(), v -> withLastFloat(v, -1e30f));
      default -> throw new IllegalStateException(this + " does not spoil a segment");
    };
  }

  private static byte[] withLastFloat(byte[] values, float last) {
    ByteBuffer.wrap(values)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(values.length - Float.BYTES, last);
    return values;
  }

  private static SegmentUpdate copy(
      SegmentUpdate s, int segment, Reference reference, int count, UnaryOperator<byte[]> values) {
    return new SegmentUpdate(
        segment,
        reference,
        count,
        s.indexCode(),
        s.index(),
        s.valueCode(),
        Bytes.of(values.apply(s.values().toArray())));
  }

  private static ClientUpdate with(ClientUpdate u, List<SegmentUpdate> segments) {
    return copy(u, u.clientId(), u.session(), u.planId(), u.round(), u.samples(), segments);
  }

  private static ClientUpdate copy(
      ClientUpdate u,
      String clientId,
      long session,
      long planId,
      long round,
      long samples,
      List<SegmentUpdate> segments) {
    return new ClientUpdate(
        clientId,
        session,
        planId,
        round,
        u.part(),
        u.parts(),
        samples,
        u.metrics(),
        segments,
        null,
        null);
  }
}
