// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

/**
 * Bytes that no honest encoder writes. Nothing has been changed when it is thrown, and it carries
 * no stack trace: garbage must stay cheap.
 */
public final class MalformedUpdateException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why the bytes were refused; the names appear on the rejected topic. */
  public enum Reason {
    /** The record is no Avro record of a known schema, or its fields contradict each other. */
    UNREADABLE,
    /** A stream ends before its declared count. */
    TRUNCATED,
    /** Bytes or whole padding bytes follow the end of a stream. */
    TRAILING,
    /** Padding bits are not as they must be. */
    PADDING,
    /** An index lies beyond the segment. */
    RANGE,
    /** The declared count differs from what the stream holds. */
    COUNT,
    /** A unary run is longer than any index of the segment allows. */
    UNARY,
    /** A varint has a superfluous zero byte at its end. */
    OVERLONG,
    /** A varint has more than five bytes. */
    TOO_LONG,
    /** A byte length differs from what count and code demand. */
    LENGTH,
    /** A parameter of a code is outside its range: bits, lo, step, p. */
    PARAMETER,
    /** A value is NaN, infinite or beyond the declared bound. */
    MAGNITUDE,
    /** The segment is not in the manifest, or appears twice. */
    SEGMENT,
    /** The reference does not fit the segment's role. */
    REFERENCE,
    /** The transform does not fit the segment's role, or differs within the record. */
    TRANSFORM
  }

  private final Reason reason;

  public MalformedUpdateException(Reason reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
