// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.testbed;

import java.util.List;
import java.util.Map;

/**
 * The cluster that is measured: one TaskManager, with a heap of fixed size as Flink's own scripts
 * give it.
 *
 * @param slots of the TaskManager: the most parallelism
 * @param heapMebibytes of the TaskManager, initial and greatest size
 * @param managedMebibytes native memory for RocksDB, 0 without it
 * @param jvmOptions further flags of the TaskManager's JVM, such as {@code -XX:+UseParallelGC}
 * @param flinkOptions further settings of the cluster; they win
 */
public record ClusterSettings(
    int slots,
    int heapMebibytes,
    int managedMebibytes,
    List<String> jvmOptions,
    Map<String, String> flinkOptions) {

  public ClusterSettings {
    jvmOptions = List.copyOf(jvmOptions);
    flinkOptions = Map.copyOf(flinkOptions);
  }
}
