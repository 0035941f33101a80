// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.protocol.model.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountTest {

  private static final double MEBIBYTE = 1 << 20;

  private static final Map<String, String> IMAGENET =
      Map.of("stem", "imagenet", "size", "224", "classes", "1000");

  /** MiB a sample, of the authors' networks: full, then each stage at the paper's cuts. */
  @ParameterizedTest
  @CsvSource({
    "resnet-34, cifar,    '3,7,13', 7.5957  3.6895  2.9395 1.9395 0.5957",
    "resnet-18, cifar,    '2,4,6',  4.4707  2.6895  1.9395 0.9395 0.4707",
    "resnet-34, imagenet, '3,7,13', 30.1484 18.1855 8.9980 5.9355 1.8203",
    "resnet-18, imagenet, '2,4,6',  20.5781 15.1230 5.9355 2.8730 1.4375",
  })
  void activationsAreThoseOfTheReferenceToOnePercent(
      String network, String shape, String cuts, String expected) {
    ModelDefinition model = model(network, shape, cuts);
    List<Double> reference = Arrays.stream(expected.split(" +")).map(Double::valueOf).toList();

    assertThat(activations(model, Account.whole(model)))
        .isCloseTo(reference.get(0), withinPercentage(1));
    for (int t = 1; t <= model.stages().size(); t++) {
      assertThat(activations(model, model.stages().get(t - 1)))
          .as("stage %d", t)
          .isCloseTo(reference.get(t), withinPercentage(1));
    }
  }

  /** Operations of the full network by those of each stage, and the mean over a cycle. */
  @ParameterizedTest
  @CsvSource({
    "resnet-34, cifar, '3,7,13', 4.08 2.82 1.81 2.15, 2.47",
    "resnet-18, cifar, '2,4,6',  2.66 2.36 2.12 1.93, 2.24",
  })
  void stagesSaveTheOperationsOfTheReference(
      String network, String shape, String cuts, String expected, double mean) {
    ModelDefinition model = model(network, shape, cuts);
    double full = Account.of(model, Account.whole(model), false).trainingOperations();
    List<Double> reference = Arrays.stream(expected.split(" +")).map(Double::valueOf).toList();

    double cycle = 0;
    for (int t = 1; t <= reference.size(); t++) {
      long stage = Account.of(model, model.stages().get(t - 1), false).trainingOperations();
      assertThat(full / stage).as("stage %d", t).isCloseTo(reference.get(t - 1), within(0.01));
      cycle += stage;
    }
    assertThat(full * reference.size() / cycle).isCloseTo(mean, within(0.01));
  }

  @Test
  void stagesTogetherTakeTheWayOnceAndEachExitBesideIt() {
    ModelDefinition net =
        Architecture.RESNET.define(
            Map.of(
                "layers", "1,1,1", "widths", "4,8,16", "groups", "2", "cuts", "1,2", "tail",
                "false"));
    int outputs = 3;
    List<Integer> way = List.of(0, 1, 2);

    Account together = Account.together(net);

    Account deepest = trained(net, List.of(0, 1, 2, outputs + 2));
    long activations = deepest.activations();
    long parameters = deepest.parameters();
    long operations = deepest.trainingOperations();
    for (int exit = 0; exit < 2; exit++) {
      Account without = trained(net, way.subList(0, exit + 1));
      List<Integer> blocks = new ArrayList<>(way.subList(0, exit + 1));
      blocks.add(outputs + exit);
      Account with = trained(net, blocks);
      activations += with.activations() - without.activations();
      parameters += with.parameters() - without.parameters();
      operations += with.trainingOperations() - without.trainingOperations();
    }
    assertThat(together.activations()).isEqualTo(activations);
    assertThat(together.parameters()).isEqualTo(parameters).isEqualTo(net.size());
    assertThat(together.trainingOperations()).isEqualTo(operations);
    assertThat(together.peakActivations())
        .isGreaterThan(Math.max(together.activations(), deepest.peakActivations()));
  }

  @Test
  void oneStageTogetherIsThatStage() {
    ModelDefinition net =
        Architecture.RESNET.define(Map.of("cuts", "2,4,6", "tail", "false", "projection", ""));
    ModelDefinition first =
        new ModelDefinition(
            net.architecture(),
            net.settings(),
            net.inputShape(),
            net.classes(),
            net.blocks(),
            net.stages().subList(0, 1));

    assertThat(Account.together(first)).isEqualTo(Account.of(net, net.stages().get(0), false));
  }

  private static Account trained(ModelDefinition net, List<Integer> blocks) {
    return Account.of(net, new Stage(blocks, List.of()), false);
  }

  private static ModelDefinition model(String network, String shape, String cuts) {
    Map<String, String> settings = new HashMap<>(shape.equals("cifar") ? Map.of() : IMAGENET);
    settings.put("cuts", cuts);
    return Architecture.named(network).define(settings);
  }

  private static double activations(ModelDefinition model, Stage stage) {
    return Account.of(model, stage, false).activationBytes(1) / MEBIBYTE;
  }
}
