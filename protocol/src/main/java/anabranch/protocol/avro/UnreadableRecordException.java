// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

/**
 * Bytes that are no record of a known schema; the message says what was found and at which byte of
 * the record. It carries no stack trace: garbage must stay cheap.
 */
public final class UnreadableRecordException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  UnreadableRecordException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
