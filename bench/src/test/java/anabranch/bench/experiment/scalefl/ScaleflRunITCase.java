// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.bench.experiment.Where;
import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.FederatedDataset;
import anabranch.client.fleet.MemoryBudgets;
import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import java.io.IOException;
import java.util.Map;
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
  @EnumSource(names = {"SCALEFL_COMPRESSED", "FEDROLEX", "DEPTHFL"})
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
  void clientsOfDepthflAreThoseWhoHaveTheMemoryForOneExitAtLeast() throws Exception {
    // Two rounds of all who can.
    ScaleflSettings settings = settings(Method.DEPTHFL, Where.DRIVER, 2, CLIENTS);
    MemoryNeed need = new MemoryNeed(settings.batchSize(), true, false);
    MemoryBudgets budgets =
        MemoryBudgets.draw(Architecture.RESNET.define(Map.of()), need, CLIENTS, settings.seed());
    ModelDefinition network =
        DepthSlice.network(Architecture.RESNET.define(settings.modelSettings()));
    long ofOneExit = need.accounted(Account.together(DepthSlice.prefix(network, 1)));
    int fit = budgets.atLeast(ofOneExit);

    ScaleflResult run = ScaleflRun.of(settings, data());

    assertThat(fit).isBetween(1, CLIENTS - 1);
    assertThat(run.participation()).isEqualTo((double) fit / CLIENTS);
    assertThat(run.peakMemoryBytes())
        .isBetween(ofOneExit, budgets.bytes().stream().max(Long::compare).orElseThrow());
    long whatAllBlocksTake = Float.BYTES * network.size() * fit * settings.rounds();
    assertThat(run.uplinkBytes()).isLessThan(whatAllBlocksTake);
    assertThat(ScaleflRun.of(settings, data()).modelSha256()).isEqualTo(run.modelSha256());
  }

  private static FederatedDataset data() throws IOException {
    return DatasetCatalog.FASHION_MNIST.open(Optional.empty());
  }

  private static ScaleflSettings settings(Method method, Where where) {
    return settings(method, where, ROUNDS, COHORT);
  }

  private static ScaleflSettings settings(Method method, Where where, int rounds, int cohort) {
    return new ScaleflSettings(
        method.label(),
        method.configuration(Knobs.USUAL, ROUNDS),
        method.modelSettings(),
        "iid",
        5,
        rounds,
        CLIENTS,
        cohort,
        12_000,
        SOME_OF_THE_DATA,
        Knobs.USUAL.learningRate(),
        0.9,
        16,
        1,
        where);
  }
}
