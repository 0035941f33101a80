// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

/** What the values of a segment are relative to. */
public enum Reference {
  /** Differences to the version of the block that the plan names. */
  DELTA,
  /** The trained values themselves. */
  WEIGHTS
}
