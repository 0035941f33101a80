// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Stage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StagedArchitectureTest {

  private static final Map<String, String> FOUR_STAGES = Map.of("cuts", "2,4,6");

  /** Parameters as torchvision and the usual CIFAR variants have them. */
  @ParameterizedTest
  @CsvSource({
    "resnet-18, 3x3, 10, 11173962",
    "resnet-34, 3x3, 10, 21282122",
    "resnet-18, imagenet, 1000, 11689512",
    "resnet-34, imagenet, 1000, 21797672",
  })
  void residualNetsHaveTheParametersOfTheirNames(
      String label, String stem, String classes, int parameters) {
    ModelDefinition model =
        Architecture.named(label).define(Map.of("stem", stem, "classes", classes));

    assertThat(sizeOf(model, Role.PARAMETER)).isEqualTo(parameters);
    assertThat(model.blocks())
        .extracting(BlockDefinition::name)
        .containsExactly("body1", "body2", "body3", "body4", "output");
    assertThat(model.stages()).isEmpty();
  }

  @Test
  void imagenetShapeIsASetting() {
    ModelDefinition model =
        Architecture.RESNET_34.defineFor(List.of(3, 224, 224), 1000, Map.of("stem", "imagenet"));

    assertThat(model.inputShape()).containsExactly(3, 224, 224);
    assertThat(model.classes()).isEqualTo(1000);
  }

  @Test
  void smallResidualNetHasItsSize() {
    assertThat(Architecture.RESNET.define(Map.of()).size()).isEqualTo(176_258);
  }

  @Test
  void stagesTrainAPartWithTheTailBeforeItAndHoldTheRest() {
    ModelDefinition model = Architecture.RESNET.define(FOUR_STAGES);

    assertThat(model.blocks())
        .extracting(BlockDefinition::name)
        .containsExactly(
            "body1", "tail1", "body2", "tail2", "body3", "tail3", "body4", "output1", "output2",
            "output3", "output4");
    assertThat(model.stages())
        .containsExactly(
            new Stage(List.of(0, 1, 7), List.of()),
            new Stage(List.of(1, 2, 3, 8), List.of(0)),
            new Stage(List.of(3, 4, 5, 9), List.of(0, 1, 2)),
            new Stage(List.of(5, 6, 10), List.of(0, 1, 2, 3, 4)));
    assertThat(model.manifest(4).deployedBlocks()).containsExactly(0, 1, 2, 3, 4, 5, 6, 10);
  }

  @Test
  void tailIsTheSecondConvolutionOfThePartsLastUnit() {
    BlockDefinition tail = Architecture.RESNET.define(FOUR_STAGES).blocks().get(1);

    assertThat(tail.tensors())
        .extracting(TensorDefinition::name)
        .containsExactly("unit2.conv2.weight", "unit2.norm2.weight", "unit2.norm2.bias");
  }

  @Test
  void partsWithoutTailsAreTrainedOnce() {
    ModelDefinition model = Architecture.RESNET.define(Map.of("cuts", "4", "tail", "false"));

    assertThat(model.blocks())
        .extracting(BlockDefinition::name)
        .containsExactly("body1", "body2", "output1", "output2");
    assertThat(model.stages())
        .containsExactly(new Stage(List.of(0, 2), List.of()), new Stage(List.of(1, 3), List.of(0)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet", "resnet-18", "vit-small"})
  void cutsDoNotChangeTheDeployedParameters(String label) {
    Architecture architecture = Architecture.named(label);
    ModelManifest staged = architecture.define(Map.of("cuts", "2,4")).manifest(4);

    Set<String> deployed =
        staged.deployedBlocks().stream()
            .flatMap(block -> staged.blocks().get(block).tensors().stream())
            .filter(tensor -> tensor.role() != Role.AUXILIARY)
            .map(tensor -> tensor.name().replaceAll("output\\d", "output"))
            .map(name -> name.replace("output.classifier", "output"))
            .collect(Collectors.toSet());

    Set<String> whole =
        architecture.define(Map.of()).blocks().stream()
            .flatMap(block -> block.tensors().stream())
            .map(tensor -> tensor.name().replace("output.classifier", "output"))
            .collect(Collectors.toSet());
    assertThat(deployed).isEqualTo(whole);
  }

  @Test
  void outputModulesStandInForTheGroupsThatAreMissing() {
    List<TensorDefinition> first =
        Architecture.RESNET_18.define(FOUR_STAGES).blocks().get(7).tensors();
    List<TensorDefinition> last =
        Architecture.RESNET_18.define(FOUR_STAGES).blocks().get(10).tensors();

    assertThat(first.subList(0, 3))
        .extracting(TensorDefinition::shape)
        .containsExactly(List.of(128, 64, 3, 3), List.of(256, 128, 3, 3), List.of(512, 256, 3, 3));
    assertThat(last)
        .extracting(TensorDefinition::name)
        .containsExactly(
            "output4.classifier.weight",
            "output4.classifier.bias",
            "output4.projection.1.weight",
            "output4.projection.1.bias");
  }

  @Test
  void projectionHeadOfTheAuthorsHasItsSizeAndIsAuxiliary() {
    ModelDefinition model =
        Architecture.RESNET_34.define(Map.of("cuts", "3,7,13", "projection", "2056,1024,512"));

    assertThat(sizeOf(model, Role.AUXILIARY)).isEqualTo(4 * 3_685_896);
    ModelDefinition without =
        Architecture.RESNET_34.define(Map.of("cuts", "3,7,13", "projection", ""));
    assertThat(sizeOf(without, Role.AUXILIARY)).isZero();
  }

  @Test
  void runningStatisticsAreBuffersBehindTheParametersOfTheirBlock() {
    BlockDefinition body = Architecture.RESNET_18.define(Map.of()).blocks().get(0);

    assertThat(body.tensors())
        .extracting(TensorDefinition::role)
        .isSortedAccordingTo((a, b) -> Boolean.compare(a == Role.BUFFER, b == Role.BUFFER));
    ModelDefinition model = Architecture.RESNET_18.define(Map.of());
    assertThat(model.initialWeights(1))
        .extracting(vector -> vector.length)
        .isEqualTo(model.manifest(4).blocks().stream().map(block -> block.size()).toList());
    assertThat(sizeOf(model, Role.BUFFER)).isEqualTo(2 * 4800);
  }

  @Test
  void transformersCutBetweenEncoderLayersWithThePerceptronAsTail() {
    ModelDefinition model = Architecture.VIT_SMALL.define(Map.of("cuts", "2,4"));

    assertThat(model.blocks())
        .extracting(BlockDefinition::name)
        .containsExactly(
            "body1", "tail1", "body2", "tail2", "body3", "output1", "output2", "output3");
    assertThat(model.blocks().get(1).tensors())
        .extracting(TensorDefinition::name)
        .allMatch(name -> name.matches("layer2\\.(norm2|hidden|output)\\..*"));
    assertThat(Architecture.VIT_SMALL.define(Map.of()).blocks()).hasSize(7);
  }

  @Test
  void unsoundSettingsAreRefusedWithWhatIsAllowed() {
    refused(Architecture.RESNET, "cuts", "2,8", "rising numbers from 1 to 7");
    refused(Architecture.RESNET, "cuts", "4,2", "8 residual units");
    refused(Architecture.RESNET, "groups", "3", "a divisor of each of 'widths'");
    refused(Architecture.RESNET, "norm", "layer", "group or batch");
    refused(Architecture.RESNET, "stem", "5x5", "3x3 or imagenet");
    refused(Architecture.RESNET, "widths", "8,16", "as many numbers as 'layers'");
    refused(Architecture.RESNET, "projection", "0", "'projection' of resnet");
    refused(Architecture.VIT_SMALL, "patch", "5", "a divisor of 'size', which is 28");
    refused(Architecture.VIT_SMALL, "heads", "5", "a divisor of 'width'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.RESNET.defineFor(List.of(24), 2, Map.of()))
        .withMessageContaining("the data set has samples [24]");
  }

  private static void refused(
      Architecture architecture, String key, String value, String expected) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> architecture.define(Map.of(key, value)))
        .withMessageContaining(expected);
  }

  private static long sizeOf(ModelDefinition model, Role role) {
    return model.blocks().stream()
        .flatMap(block -> block.tensors().stream())
        .filter(tensor -> tensor.role() == role)
        .mapToLong(TensorDefinition::size)
        .sum();
  }
}
