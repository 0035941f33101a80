// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import java.util.Locale;

/**
 * What a TaskManager occupies.
 *
 * @param metaspace bytes in use
 * @param resident bytes of the process in memory
 */
record Footprint(long metaspace, long resident) {

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "metaspace %.1f MB, RSS %.1f MB", metaspace / 1e6, resident / 1e6);
  }
}
