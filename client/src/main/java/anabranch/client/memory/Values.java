// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Values in memory. Layers that only change the shape share them, so they are told apart by
 * identity.
 */
final class Values {

  private final long size;
  private final boolean needsGradient;

  /**
   * @param size number of values of one sample
   * @param needsGradient whether the backward pass comes here
   */
  Values(long size, boolean needsGradient) {
    this.size = size;
    this.needsGradient = needsGradient;
  }

  long size() {
    return size;
  }

  boolean needsGradient() {
    return needsGradient;
  }

  static Set<Values> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  static long size(Set<Values> all) {
    return all.stream().mapToLong(Values::size).sum();
  }
}
