// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.client.model.Layer.Convolution;
import anabranch.client.model.Layer.Dense;
import anabranch.client.model.Layer.Flatten;
import anabranch.client.model.Layer.MaxPool;
import anabranch.client.model.Layer.Relu;
import java.util.List;
import java.util.Map;

/**
 * Nets for 28 × 28 grey images: two convolutions that keep height and width, each with 2 × 2
 * pooling, a hidden layer. Each of the four is a block.
 *
 * @param kernel of the convolutions, odd
 * @param defaults of the settings {@code classes}, {@code channels1}, {@code channels2} and {@code
 *     hidden}
 */
record TwoConvolutions(int kernel, Map<String, String> defaults) implements Family {

  @Override
  public List<Integer> inputShape(Settings settings) {
    return List.of(1, 28, 28);
  }

  @Override
  public StagedBlocks blocks(Settings settings) {
    int channels1 = settings.number("channels1");
    int channels2 = settings.number("channels2");
    int hidden = settings.number("hidden");
    int padding = kernel / 2;
    // Pooling commutes with the ReLU and leaves it a quarter of the work.
    return new StagedBlocks(
        List.of(
            new BlockDefinition(
                "conv1",
                List.of(
                    new Convolution("conv1", 1, channels1, kernel, padding),
                    new MaxPool(2),
                    new Relu())),
            new BlockDefinition(
                "conv2",
                List.of(
                    new Convolution("conv2", channels1, channels2, kernel, padding),
                    new MaxPool(2),
                    new Relu(),
                    new Flatten())),
            new BlockDefinition(
                "hidden", List.of(new Dense("hidden", channels2 * 7 * 7, hidden), new Relu())),
            new BlockDefinition(
                "output", List.of(new Dense("output", hidden, settings.number("classes"))))),
        List.of());
  }
}
