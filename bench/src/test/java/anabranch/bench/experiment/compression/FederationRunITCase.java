// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.bench.experiment.Where;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same federation through a real broker and a Flink cluster, and in one thread. */
class FederationRunITCase {

  private static final int ROUNDS = 4;
  private static final int CLIENTS = 6;
  private static final int COHORT = 3;
  private static final double SOME_OF_THE_DATA = 0.02;

  /** A session is a random number of 9 or 10 bytes in each check-in and update. */
  private static final int SESSION_BYTES = CLIENTS + ROUNDS * COHORT;

  @ParameterizedTest
  @ValueSource(
      strings = {"fedavg", "top-k(0.1, f16)", "probabilistic(2, rotated)", "stc(1/100) both ways"})
  void driverAndClusterMakeTheSameModelAndCountTheSameUplink(String preset) throws Exception {
    RunResult cluster = FederationRun.of(settings(preset, Where.CLUSTER));
    RunResult driver = FederationRun.of(settings(preset, Where.DRIVER));

    assertThat(driver.modelSha256()).isEqualTo(cluster.modelSha256()).hasSize(64);
    assertThat(driver.accuracy()).isEqualTo(cluster.accuracy());
    // In the cluster it is the size of the logs.
    assertThat(driver.uplinkBytes()).isCloseTo(cluster.uplinkBytes(), within((long) SESSION_BYTES));
  }

  private static RunSettings settings(String preset, Where where) {
    return new RunSettings(
        preset,
        new Preset(preset).configuration(),
        "shard(2)",
        7,
        ROUNDS,
        CLIENTS,
        COHORT,
        Tuning.USUAL_LEARNING_RATE,
        20,
        1,
        SOME_OF_THE_DATA,
        where);
  }
}
