// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.round;

import java.util.List;

/**
 * How rounds are timed.
 *
 * @param rounds that are timed, after one that warms up
 * @param parallelism of the job
 * @param stateBackend {@code hashmap} or {@code rocksdb}
 * @param configuration of the federation beside the defaults, each of the form {@code key=value}
 */
public record RoundSettings(
    int rounds, int parallelism, String stateBackend, List<String> configuration) {

  public RoundSettings {
    configuration = List.copyOf(configuration);
  }
}
