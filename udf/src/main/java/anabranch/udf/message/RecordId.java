// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message;

/**
 * Where a consumed record lies. It identifies a datum: a client, a plan and a part do not, since a
 * replayed record has the same.
 *
 * @param source which topic
 * @param partition of that topic
 * @param offset in that partition
 */
public record RecordId(Source source, int partition, long offset) {

  /** The topics that the job consumes; the order of the constants is part of the state format. */
  public enum Source {
    UPDATES,
    CLIENTS,
    MODEL,
    DELTAS,
    CONTROL
  }

  /** Written out, because state and key groups must not depend on how a JVM hashes an enum. */
  @Override
  public int hashCode() {
    return (source.ordinal() * 31 + partition) * 31 + Long.hashCode(offset);
  }
}
