// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import anabranch.client.model.BlockDefinition;
import anabranch.client.model.Exit;
import anabranch.client.model.TensorDefinition;
import anabranch.protocol.model.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DjlModelTest {

  @Test
  void logitsAreThoseOfTheBlockWithTheSameParameters() {
    SequentialBlock block = network();
    DjlModel model = wholeOf(network());
    List<float[]> weights = model.definition().initialWeights(3);
    Map<Integer, float[]> byBlock = new HashMap<>();
    IntStream.range(0, weights.size()).forEach(i -> byBlock.put(i, weights.get(i)));
    try (NDManager manager = Torch.openManager()) {
      NDArray input = manager.ones(new Shape(5, 2, 8, 8));
      Network network =
          Network.load(
              KnownModels.with(model),
              model.definition().manifest(2),
              Exit.ofOne(byBlock.keySet()),
              byBlock,
              Set.of(),
              false,
              manager);
      block.initialize(manager, DataType.FLOAT32, input.getShape());
      List<TensorDefinition> tensors =
          model.definition().blocks().stream().flatMap(b -> b.tensors().stream()).toList();
      List<Parameter> parameters = block.getParameters().values();
      for (int i = 0; i < parameters.size(); i++) {
        NDArray own = parameters.get(i).getArray();
        own.subi(own).addi(network.array(tensors.get(i).name()));
      }

      float[] logits = network.forward(input).toFloatArray();

      assertThat(logits)
          .isEqualTo(
              block
                  .forward(new ParameterStore(manager, false), new NDList(input), false)
                  .singletonOrThrow()
                  .toFloatArray());
    }
  }

  @Test
  void tailsAndSurrogatesFollowFromTheShapes() {
    DjlModel model =
        DjlModel.builder("own", network())
            .samples(List.of(2, 8, 8), 3)
            .cuts(3)
            .tail(2)
            .output(4)
            .projection()
            .build();

    assertThat(model.definition().blocks())
        .extracting(BlockDefinition::name)
        .containsExactly("body1", "tail1", "body2", "output1", "output2");
    assertThat(model.definition().stages())
        .containsExactly(
            new Stage(List.of(0, 1, 3), List.of()), new Stage(List.of(1, 2, 4), List.of(0)));
    assertThat(model.definition().blocks().get(3).tensors())
        .extracting(tensor -> tensor.name() + tensor.shape())
        .containsExactly(
            "output1.surrogate1.weight[6, 4, 3, 3]",
            "output1.classifier.weight[3, 6]",
            "output1.classifier.bias[3]");
  }

  @Test
  void unsoundDeclarationsAreRefused() {
    DjlModel.Builder builder = DjlModel.builder("own", network());
    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContaining("samples(shape, classes)");
    builder.samples(List.of(2, 8, 8), 3);
    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContaining("output(children), from 1 to 5");
    builder.output(4).cuts(3, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContaining("cannot be cut at [3, 2]");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> DjlModel.builder("own", network()).samples(List.of(2, 8, 8), 7).output(4).build())
        .withMessageContaining("one logit for each of 7 classes");
  }

  private static DjlModel wholeOf(SequentialBlock network) {
    return DjlModel.builder("own", network).samples(List.of(2, 8, 8), 3).output(4).build();
  }

  private static SequentialBlock network() {
    return new SequentialBlock()
        .add(convolution(4, 1))
        .add(convolution(4, 1))
        .add(Activation.reluBlock())
        .add(convolution(6, 2))
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(3).build());
  }

  private static Conv2d convolution(int filters, int stride) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .optPadding(new Shape(1, 1))
        .optStride(new Shape(stride, stride))
        .setFilters(filters)
        .build();
  }
}
