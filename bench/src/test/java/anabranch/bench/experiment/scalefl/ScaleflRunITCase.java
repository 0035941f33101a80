// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import anabranch.bench.experiment.Where;
import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.FederatedDataset;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same federation through a real broker and a Flink cluster, and in one thread. */
class ScaleflRunITCase {

  /** A round for each stage. */
  private static final int ROUNDS = 4;

  private static final int CLIENTS = 8;
  private static final int COHORT = 2;
  private static final double SOME_OF_THE_DATA = 0.05;

  @ParameterizedTest
  @EnumSource(names = {"SCALEFL_COMPRESSED", "HETEROFL"})
  void driverAndClusterMakeTheSameModelOfTheSameClients(Method method) throws Exception {
    ScaleflResult cluster = ScaleflRun.of(settings(method, Where.CLUSTER), data());
    ScaleflResult driver = ScaleflRun.of(settings(method, Where.DRIVER), data());

    assertThat(driver.modelSha256()).isEqualTo(cluster.modelSha256()).hasSize(64);
    assertThat(driver.accuracy()).isEqualTo(cluster.accuracy());
    assertThat(driver.participation()).isEqualTo(cluster.participation());
    assertThat(driver.clientComputeFlops()).isEqualTo(cluster.clientComputeFlops());
    assertThat(driver.stages()).isEqualTo(cluster.stages());
  }

  @Test
  void channelsThatRollWithTheRoundAreRefusedInACluster() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScaleflRun.of(settings(Method.FEDROLEX, Where.CLUSTER), data()))
        .withMessageContaining("run it in the driver");
  }

  private static FederatedDataset data() throws IOException {
    return DatasetCatalog.FASHION_MNIST.open(Optional.empty());
  }

  private static ScaleflSettings settings(Method method, Where where) {
    return new ScaleflSettings(
        method.label(),
        method.configuration(Knobs.USUAL.curriculum()),
        method.modelSettings(),
        "iid",
        5,
        ROUNDS,
        CLIENTS,
        COHORT,
        12_000,
        SOME_OF_THE_DATA,
        Knobs.USUAL.learningRate(),
        0.9,
        16,
        1,
        where);
  }
}
