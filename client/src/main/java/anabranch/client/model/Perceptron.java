// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.client.model.Layer.Dense;
import anabranch.client.model.Layer.Flatten;
import anabranch.client.model.Layer.Relu;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Multi-layer perceptrons; each layer is a block. */
record Perceptron() implements Family {

  @Override
  public Map<String, String> defaults() {
    return Map.of("inputs", "784", "hidden", "64", "classes", "10");
  }

  @Override
  public Map<String, String> settingsFor(List<Integer> sampleShape) {
    return Map.of("inputs", String.valueOf(sampleShape.stream().reduce(1, Math::multiplyExact)));
  }

  @Override
  public List<Integer> inputShape(Settings settings) {
    return List.of(settings.number("inputs"));
  }

  @Override
  public StagedBlocks blocks(Settings settings) {
    List<BlockDefinition> blocks = new ArrayList<>();
    int width = settings.number("inputs");
    for (int size : settings.numbers("hidden")) {
      String name = "hidden" + (blocks.size() + 1);
      Dense dense = new Dense(name, width, size);
      blocks.add(
          new BlockDefinition(
              name,
              blocks.isEmpty()
                  ? List.of(new Flatten(), dense, new Relu())
                  : List.of(dense, new Relu())));
      width = size;
    }
    blocks.add(
        new BlockDefinition(
            "output", List.of(new Dense("output", width, settings.number("classes")))));
    return new StagedBlocks(blocks, List.of());
  }
}
