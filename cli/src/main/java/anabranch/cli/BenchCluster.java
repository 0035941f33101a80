// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.bench.testbed.ClusterSettings;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options of the cluster that a benchmark runs on. */
final class BenchCluster {

  private static final int ROCKSDB_MEBIBYTES = 256;

  @Option(names = "--parallelism", defaultValue = "1", description = "of the job (default: 1)")
  int parallelism;

  @Option(
      names = "--state-backend",
      defaultValue = "hashmap",
      description = "hashmap or rocksdb (default: hashmap)")
  String stateBackend;

  @Option(
      names = "--heap",
      defaultValue = "2048",
      paramLabel = "MIB",
      description = "heap of the TaskManager, a fixed size (default: 2048)")
  private int heap;

  @Option(
      names = "--jvm-option",
      paramLabel = "FLAG",
      description = "of the TaskManager's JVM, such as -XX:+UseParallelGC; may be repeated")
  private List<String> jvmOptions = List.of();

  @Option(
      names = "--flink",
      paramLabel = "KEY=VALUE",
      description = "a setting of the cluster; may be repeated")
  private Map<String, String> flinkOptions = Map.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a key of the federation's configuration; may be repeated")
  List<String> configuration = List.of();

  ClusterSettings settings() {
    return new ClusterSettings(
        parallelism,
        heap,
        stateBackend.equals("rocksdb") ? ROCKSDB_MEBIBYTES : 0,
        jvmOptions,
        flinkOptions);
  }
}
