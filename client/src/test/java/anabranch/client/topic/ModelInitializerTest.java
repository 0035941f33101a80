// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.Topics;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is refused before a broker is asked: there is none here. */
class ModelInitializerTest {

  private static final ModelManifest MANIFEST =
      Segmenter.manifest(
          "mlp",
          Map.of(),
          4,
          List.of(
              new BlockShape(
                  "output", List.of(new TensorShape("bias", List.of(3), Role.PARAMETER)))));

  private final ModelInitializer initializer =
      new ModelInitializer(new KafkaConnection("localhost:1"), new Topics("any"));

  @Test
  void modelThatNoJobCouldLoadIsNotPublished() {
    for (float other : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> initializer.publish(MANIFEST, List.of(new float[] {0, other, 0})))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("element 1 of block 'output' is %s: a model to begin with is finite", other);
    }
  }

  @Test
  void weightsOfAnotherModelAreNotPublished() {
    assertThatThrownBy(() -> initializer.publish(MANIFEST, List.of(new float[2])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weights have the lengths [2], the blocks of mlp have [3]");
  }
}
