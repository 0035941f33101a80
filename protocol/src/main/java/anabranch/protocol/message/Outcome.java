// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

/** Where a consumed update record, or a client's whole update, ended. */
public enum Outcome {
  /** Part of the round's result: only now may a client commit what it keeps between rounds. */
  FOLDED,
  /** Its plan was closed by the deadline, superseded, or is older than the job remembers. */
  LATE,
  /** Its plan was closed because enough updates had come. */
  SURPLUS,
  /** The same part of the same update had come before. */
  DUPLICATE,
  /** Refused, with a reason on the rejected topic. */
  REJECTED,
  /** Its round closed while parts were missing, or failed. */
  EXPIRED
}
