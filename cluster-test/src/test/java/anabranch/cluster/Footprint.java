// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import java.util.Locale;

/**
 * What a JVM occupies.
 *
 * @param metaspace bytes in use
 * @param resident bytes of the process in memory
 * @param threads of the process, those of the JVM itself included
 */
record Footprint(long metaspace, long resident, int threads) {

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "metaspace %.1f MB, RSS %.1f MB, %d threads",
        metaspace / 1e6,
        resident / 1e6,
        threads);
  }
}
