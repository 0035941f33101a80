// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

/** Why the coordinator refuses a record that decodes; the names appear on the rejected topic. */
enum Rejection {
  /** No client of this id has checked in. */
  UNKNOWN_CLIENT,
  /** The session is not that of the client's newest check-in. */
  UNKNOWN_SESSION,
  /** The plan id was never given, though its round was. */
  UNKNOWN_PLAN,
  /** The round has not been opened. */
  FUTURE_PLAN,
  /** The plan did not draw this client. */
  NOT_IN_COHORT,
  /** More parts than the manifest has segments. */
  TOO_MANY_PARTS,
  /** Number of parts or samples differ from a part that came before. */
  PARTS_INCONSISTENT,
  /** A segment that the plan does not train. */
  SEGMENT_NOT_IN_PLAN,
  /** A segment that another part of the update brought. */
  SEGMENT_TWICE,
  /** All parts came and some segments of the plan are missing. */
  SEGMENTS_MISSING,
  /** Weights where the plan asks for differences, or the reverse. */
  WRONG_REFERENCE,
  /** Coefficients of another transform than the plan's, or of its transform under another seed. */
  WRONG_TRANSFORM,
  /** More payload bytes than the plan's encoding can take. */
  OVERSIZE
}
