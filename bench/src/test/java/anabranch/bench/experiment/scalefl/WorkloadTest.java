// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.bench.experiment.Where;
import anabranch.bench.experiment.scalefl.ScaleflTable.Cell;
import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.FederatedDataset;
import anabranch.client.fleet.FleetClient;
import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.protocol.model.Role;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each of the table's hundred clients trains, and what is demanded of it. */
class WorkloadTest {

  private static final MemoryNeed NEED = new MemoryNeed(32, true, false);

  /** Widths of the slices and the groups over which they normalise, from the widest. */
  private static final List<Map<String, String>> SLICES =
      List.of(
          Map.of("widths", "8,16,32,64", "groups", "4"),
          Map.of("widths", "6,12,24,48", "groups", "3"),
          Map.of("widths", "4,8,16,32", "groups", "2"),
          Map.of("widths", "2,4,8,16", "groups", "1"),
          Map.of("widths", "1,2,4,8", "groups", "1"),
          Map.of("widths", "1,1,2,4", "groups", "1"));

  private static FederatedDataset data;

  @BeforeAll
  static void open() throws Exception {
    data = DatasetCatalog.FASHION_MNIST.open(Optional.empty());
  }

  @ParameterizedTest
  @EnumSource(names = {"HETEROFL", "FEDROLEX"})
  void clientTrainsTheWidestSliceThatItHasMemoryFor(Method method) {
    Workload workload = workload(method);
    List<FleetClient> clients = workload.clients();
    Map<Integer, Integer> chosen = new TreeMap<>();
    for (int client = 0; client < clients.size(); client++) {
      long memory = clients.get(client).memoryBytes();
      int widest =
          IntStream.range(0, SLICES.size())
              .filter(slice -> bytes(SLICES.get(slice)) <= memory)
              .findFirst()
              .orElse(SLICES.size() - 1);
      assertThat(workload.trained(client).settings())
          .as("client of %d bytes", memory)
          .containsAllEntriesOf(SLICES.get(widest));
      chosen.merge(widest, 1, Integer::sum);
    }
    // Each of the four widest is somebody's.
    assertThat(chosen).containsKeys(0, 1, 2, 3);
  }

  @Test
  void allTrainTheWidestSliceThatThePoorestHasMemoryFor() {
    Workload workload = workload(Method.ALLSMALL);
    long least =
        workload.clients().stream().mapToLong(FleetClient::memoryBytes).min().orElseThrow();
    Map<String, String> widest =
        SLICES.stream().filter(slice -> bytes(slice) <= least).findFirst().orElseThrow();

    assertThat(workload.model().settings()).containsAllEntriesOf(widest);
    assertThat(workload.trained(0)).isEqualTo(workload.model());
  }

  @Test
  void requiredMemoryIsWhatTheMethodsSmallestTrainingTakes() {
    long whole = bytes(Map.of());
    assertThat(required(Method.FEDAVG_UNLIMITED)).containsExactly(0L);
    assertThat(required(Method.EXCLUSIVEFL)).containsExactly(whole);
    assertThat(required(Method.HETEROFL)).containsExactly(bytes(SLICES.get(SLICES.size() - 1)));
    assertThat(required(Method.FEDROLEX)).isEqualTo(required(Method.HETEROFL));
    assertThat(required(Method.DEPTHFL)).hasSize(1).allMatch(need -> need < whole);
    List<Long> stages = required(Method.SCALEFL);
    assertThat(stages).hasSize(4);
    assertThat(Collections.max(stages)).isLessThan(whole);
  }

  @Test
  void sameSeedGivesClientsTheSameMemoryWhateverTheMethod() {
    List<Long> memory = memory(Method.EXCLUSIVEFL);

    assertThat(memory).hasSize(100);
    for (Method method : List.of(Method.HETEROFL, Method.DEPTHFL, Method.SCALEFL)) {
      assertThat(memory(method)).as(method.label()).isEqualTo(memory);
    }
  }

  @ParameterizedTest
  @EnumSource
  void projectionHeadsAreThereForTheTermThatTrainsThem(Method method) {
    boolean heads =
        workload(method).model().blocks().stream()
            .flatMap(block -> block.tensors().stream())
            .anyMatch(tensor -> tensor.role() == Role.AUXILIARY);

    assertThat(heads).isEqualTo(method.gamma());
  }

  private static List<Long> memory(Method method) {
    return workload(method).clients().stream().map(FleetClient::memoryBytes).toList();
  }

  private static List<Long> required(Method method) {
    return workload(method).config("broker:9092").cohort().requiredMemoryBytes();
  }

  private static long bytes(Map<String, String> settings) {
    ModelDefinition network = Architecture.RESNET.define(settings);
    return NEED.accounted(Account.of(network, Account.whole(network), false));
  }

  private static Workload workload(Method method) {
    Cell cell = new Cell(method, ScaleflTable.CORE_PARTITION, 1);
    return new Workload(
        ScaleflTable.settings(cell, 4, Knobs.USUAL, data.train().size(), Where.DRIVER), data);
  }
}
