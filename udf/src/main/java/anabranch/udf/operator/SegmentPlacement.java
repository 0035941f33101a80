// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import java.io.Serializable;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * The state keys of the segments, chosen so that any run of consecutive segments spreads evenly
 * over the subtasks. Hashing segment numbers would not: with block-wise training a few dozen
 * segments are hot at a time, and hashing gives one subtask several times its share.
 *
 * <p>Segment i belongs to the key group whose number is i mod 128 with its seven bits reversed, and
 * gets the lowest integer that Flink assigns to that group and that no segment before it has.
 * Changing any of this would orphan the state of every savepoint.
 */
public final class SegmentPlacement implements Serializable {

  /** The job's maximum parallelism, frozen for the same reason. */
  public static final int KEY_GROUPS = 128;

  private static final int KEY_GROUP_BITS = 7;

  private final int[] keys;

  public SegmentPlacement(int segments) {
    int[] wanted = new int[KEY_GROUPS];
    for (int i = 0; i < segments; i++) {
      wanted[keyGroup(i)]++;
    }
    int[][] found = new int[KEY_GROUPS][];
    for (int group = 0; group < KEY_GROUPS; group++) {
      found[group] = new int[wanted[group]];
    }
    int[] count = new int[KEY_GROUPS];
    int missing = segments;
    for (int candidate = 0; missing > 0; candidate++) {
      int group = KeyGroupRangeAssignment.assignToKeyGroup(candidate, KEY_GROUPS);
      if (count[group] < wanted[group]) {
        found[group][count[group]++] = candidate;
        missing--;
      }
    }
    keys = new int[segments];
    for (int i = 0; i < segments; i++) {
      keys[i] = found[keyGroup(i)][i / KEY_GROUPS];
    }
  }

  private static int keyGroup(int segment) {
    return Integer.reverse(segment % KEY_GROUPS) >>> (Integer.SIZE - KEY_GROUP_BITS);
  }

  /** The state key of a segment. */
  public int key(int segment) {
    return keys[segment];
  }
}
