// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.pipeline;

/** How the records of a round's clients lie in the log. */
public enum PartsOrder {
  /** Shuffled: every client's update is complete only near the end, and waits until then. */
  RANDOM,
  /** One client's update after the other's. */
  CONTIGUOUS
}
