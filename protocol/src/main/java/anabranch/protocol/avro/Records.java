// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.ModelDelta;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.message.RejectedRecord;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.message.StageDecision;
import anabranch.protocol.model.ModelManifest;

/**
 * Every record of the protocol to bytes and back, in Avro's single-object encoding: {@code C3 01},
 * the fingerprint of the writer's schema in eight bytes, the body. Equal records give equal bytes.
 * Decoded byte fields are runs of the array that was passed in, without a copy, so nobody may
 * change it afterwards. All methods may be called from any thread.
 *
 * <p>The records that clients write, {@link ClientUpdate} and {@link ClientCheckIn}, are checked
 * down to the ranges of their fields and refused with a checked exception. The others are refused
 * with {@link UnreadableRecordException}. Nothing else is ever thrown for bytes that were passed
 * in, whatever they are; {@code null}, the value of a tombstone, counts as no bytes.
 */
public final class Records {

  /**
   * The most bytes that a record of the protocol may have, header included: a Kafka broker's own
   * default limit is 1 MiB for a whole batch.
   */
  public static final int MAX_BYTES = 900_000;

  private static final SchemaStore SCHEMAS = SchemaStore.load();

  static final RecordFormat<ClientCheckIn> CHECK_IN = format(ClientCheckIn.class);
  static final RecordFormat<ClientUpdate> UPDATE = format(ClientUpdate.class);
  static final RecordFormat<Announcement> ANNOUNCEMENT = format(Announcement.class);
  static final RecordFormat<ModelManifest> MANIFEST = format(ModelManifest.class);
  static final RecordFormat<ModelSegment> SEGMENT = format(ModelSegment.class);
  static final RecordFormat<ModelDelta> DELTA = format(ModelDelta.class);
  static final RecordFormat<RoundReport> REPORT = format(RoundReport.class);
  static final RecordFormat<RejectedRecord> REJECTED = format(RejectedRecord.class);
  static final RecordFormat<StageDecision> DECISION = format(StageDecision.class);

  private Records() {}

  private static <T> RecordFormat<T> format(Class<T> type) {
    return new RecordFormat<>(type, SCHEMAS);
  }

  /**
   * @throws IllegalArgumentException if the record is larger than {@link #MAX_BYTES}
   */
  public static byte[] encode(ClientCheckIn record) {
    return CHECK_IN.encode(record);
  }

  /**
   * @throws IllegalArgumentException if the record is larger than {@link #MAX_BYTES}: {@link
   *     UpdateParts} cuts it into smaller ones
   */
  public static byte[] encode(ClientUpdate record) {
    return UPDATE.encode(record);
  }

  /**
   * @throws IllegalArgumentException if the record is larger than {@link #MAX_BYTES}
   */
  public static byte[] encode(Announcement record) {
    return ANNOUNCEMENT.encode(record);
  }

  /**
   * @throws IllegalArgumentException if the record is larger than {@link #MAX_BYTES}
   */
  public static byte[] encode(ModelManifest record) {
    return MANIFEST.encode(record);
  }

  /**
   * @throws IllegalArgumentException if the record is larger than {@link #MAX_BYTES}
   */
  public static byte[] encode(ModelSegment record) {
    return SEGMENT.encode(record);
  }

  /**
   * @throws IllegalArgumentException if the record is larger than {@link #MAX_BYTES}
   */
  public static byte[] encode(ModelDelta record) {
    return DELTA.encode(record);
  }

  /**
   * @throws IllegalArgumentException if the record is larger than {@link #MAX_BYTES}
   */
  public static byte[] encode(RoundReport record) {
    return REPORT.encode(record);
  }

  /**
   * @throws IllegalArgumentException if the record is larger than {@link #MAX_BYTES}
   */
  public static byte[] encode(RejectedRecord record) {
    return REJECTED.encode(record);
  }

  /** Bytes that an update would take as one record, of whatever size; none are written. */
  public static long size(ClientUpdate record) {
    return UPDATE.size(record);
  }

  /** Bytes that a segment's version takes; none are written. */
  public static long size(ModelSegment record) {
    return SEGMENT.size(record);
  }

  /**
   * @throws IllegalArgumentException if the record is larger than {@link #MAX_BYTES}
   */
  public static byte[] encode(StageDecision record) {
    return DECISION.encode(record);
  }

  /**
   * @throws MalformedUpdateException with {@link Reason#UNREADABLE} if the bytes are no check-in
   */
  public static ClientCheckIn decodeClientCheckIn(byte[] bytes) throws MalformedUpdateException {
    try {
      ClientCheckIn checkIn = CHECK_IN.decode(bytes);
      ClientRecordRules.check(checkIn);
      return checkIn;
    } catch (UnreadableRecordException e) {
      throw new MalformedUpdateException(Reason.UNREADABLE, e.getMessage());
    }
  }

  /**
   * @throws MalformedUpdateException with {@link Reason#UNREADABLE} if the bytes are no update
   */
  public static ClientUpdate decodeClientUpdate(byte[] bytes) throws MalformedUpdateException {
    return decodeClientUpdate(bytes, 0, bytes == null ? 0 : bytes.length);
  }

  /**
   * For senders nobody vouches for: what is allocated is bounded by the manifest and a few times
   * the bytes, where a record of 900,000 bytes could otherwise become 128,000 segments of 500 bytes
   * each on the heap.
   *
   * @param manifest whose number of segments an update may not exceed
   * @throws MalformedUpdateException with {@link Reason#UNREADABLE} if the bytes are no update to
   *     such a model. The encoded values are not looked at: that is the codec's part
   */
  public static ClientUpdate decodeClientUpdate(byte[] bytes, ModelManifest manifest)
      throws MalformedUpdateException {
    int mostItems = ClientRecordRules.MAX_METRICS + manifest.segments().size();
    return decodeClientUpdate(bytes, 0, bytes == null ? 0 : bytes.length, mostItems);
  }

  /**
   * @param offset first byte of the record
   * @param length bytes of the record
   * @throws IndexOutOfBoundsException if the run does not lie in the array
   * @throws MalformedUpdateException with {@link Reason#UNREADABLE} if the bytes are no update. The
   *     encoded values are not looked at: that is the codec's part
   */
  public static ClientUpdate decodeClientUpdate(byte[] bytes, int offset, int length)
      throws MalformedUpdateException {
    return decodeClientUpdate(bytes, offset, length, Integer.MAX_VALUE);
  }

  private static ClientUpdate decodeClientUpdate(
      byte[] bytes, int offset, int length, int mostItems) throws MalformedUpdateException {
    try {
      ClientUpdate update = UPDATE.decode(bytes, offset, length, mostItems);
      ClientRecordRules.check(update);
      return update;
    } catch (UnreadableRecordException e) {
      throw new MalformedUpdateException(Reason.UNREADABLE, e.getMessage());
    }
  }

  /**
   * @throws UnreadableRecordException if the bytes are no announcement
   */
  public static Announcement decodeAnnouncement(byte[] bytes) {
    return ANNOUNCEMENT.decode(bytes);
  }

  /**
   * @throws UnreadableRecordException if the bytes are no manifest
   */
  public static ModelManifest decodeModelManifest(byte[] bytes) {
    return MANIFEST.decode(bytes);
  }

  /**
   * @throws UnreadableRecordException if the bytes are no segment
   */
  public static ModelSegment decodeModelSegment(byte[] bytes) {
    return SEGMENT.decode(bytes);
  }

  /**
   * @throws UnreadableRecordException if the bytes are no delta
   */
  public static ModelDelta decodeModelDelta(byte[] bytes) {
    return DELTA.decode(bytes);
  }

  /**
   * @throws UnreadableRecordException if the bytes are no report
   */
  public static RoundReport decodeRoundReport(byte[] bytes) {
    return REPORT.decode(bytes);
  }

  /**
   * @throws UnreadableRecordException if the bytes are no rejected record
   */
  public static RejectedRecord decodeRejectedRecord(byte[] bytes) {
    return REJECTED.decode(bytes);
  }

  /**
   * @throws UnreadableRecordException if the bytes are no decision
   */
  public static StageDecision decodeStageDecision(byte[] bytes) {
    return DECISION.decode(bytes);
  }
}
