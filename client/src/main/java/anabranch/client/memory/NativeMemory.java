// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import java.util.Map;

/** How a process that trains is to handle native memory. */
public final class NativeMemory {

  /**
   * Variables for glibc's allocator (mallopt(3)). Large arrays are mapped and unmapped one by one
   * at a fixed size of 128 KiB; by itself glibc raises that size up to 32 MiB as arrays are freed,
   * and what is freed then stays with the process, in pieces: half of the memory of a stage. One
   * arena instead of one a thread, for the same reason. Other systems ignore them.
   */
  public static final Map<String, String> ENVIRONMENT =
      Map.of("MALLOC_ARENA_MAX", "1", "MALLOC_MMAP_THRESHOLD_", "131072");

  private NativeMemory() {}

  /** Adds the variables that are not there to a process's environment. */
  public static void settle(Map<String, String> environment) {
    ENVIRONMENT.forEach(environment::putIfAbsent);
  }
}
