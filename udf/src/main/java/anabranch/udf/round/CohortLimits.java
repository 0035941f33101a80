// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.udf.round.RoundPolicy.Parts;
import java.util.List;

/** What bounds a cohort beside the policy: a larger one is clamped before its round opens. */
public final class CohortLimits {

  /** Of the 900,000 bytes of a record; the rest is for blocks and settings. */
  private static final int MAX_COHORT_BYTES = 600_000;

  private static final int ID_OVERHEAD_BYTES = 3;

  private CohortLimits() {}

  /**
   * Clients whose whole updates fit into the hold budget at the same time. Independent parts do not
   * wait, and an update without payload bytes takes no room.
   *
   * @param updateBytes payload that an update may have
   */
  public static int affordable(Parts parts, long holdBudgetBytes, long updateBytes) {
    if (updateBytes == 0 || parts == Parts.INDEPENDENT) {
      return Integer.MAX_VALUE;
    }
    return (int) Math.min(Integer.MAX_VALUE, holdBudgetBytes / updateBytes);
  }

  /** Clients whose ids fit into one announcement, in the plan and again in the receipts. */
  public static int announceable(List<String> eligible) {
    return announceable(eligible.stream().mapToInt(String::length).max().orElseThrow());
  }

  /** The same for ids of at most so many characters. */
  public static int announceable(int longestId) {
    return MAX_COHORT_BYTES / (2 * (longestId + ID_OVERHEAD_BYTES));
  }
}
