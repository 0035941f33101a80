// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import anabranch.client.data.FashionMnist;
import anabranch.client.model.Architecture;
import anabranch.client.model.Exit;
import anabranch.client.model.ModelDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NetworkTest {

  private static final int[] SOME = IntStream.range(0, 40).toArray();

  @Test
  void logitsAreTheSameWithAndWithoutGradients() {
    ModelDefinition net = Architecture.CONV_SMALL.define(Map.of());
    Map<Integer, float[]> weights = new HashMap<>();
    List<float[]> vectors = net.initialWeights(7);
    IntStream.range(0, vectors.size()).forEach(block -> weights.put(block, vectors.get(block)));

    assertThat(logits(net, weights, Set.of())).isEqualTo(logits(net, weights, weights.keySet()));
  }

  private static float[] logits(
      ModelDefinition net, Map<Integer, float[]> weights, Set<Integer> trained) {
    Batch batch = Batch.of(FashionMnist.shipped().test(), SOME, 0, SOME.length);
    try (NDManager manager = Torch.openManager()) {
      return Network.load(
              new KnownModels(List.of()),
              net.manifest(2),
              Exit.ofOne(weights.keySet()),
              weights,
              trained,
              false,
              manager)
          .forward(batch.featuresIn(manager, new Staging()))
          .toFloatArray();
    }
  }
}
