// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import anabranch.protocol.model.Stage;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A model of no use but with everything that matters: a block of three segments, one with a buffer,
 * and a tiny one.
 *
 * @param manifest six segments in three blocks
 * @param initial the values of version 0, one array a segment
 */
public record TestModel(ModelManifest manifest, List<float[]> initial) {

  private static final int RING = 4;
  private static final long SEED = 20;

  /** 301,440, 50,200 and 40 elements. */
  public static TestModel threeBlocks() {
    ModelManifest manifest =
        Segmenter.manifest(
            "none",
            Map.of(),
            RING,
            List.of(
                new BlockShape(
                    "body",
                    List.of(
                        tensor("body.weight", Role.PARAMETER, 640, 470),
                        tensor("body.bias", Role.PARAMETER, 640))),
                new BlockShape(
                    "norm",
                    List.of(
                        tensor("norm.weight", Role.PARAMETER, 200, 250),
                        tensor("norm.mean", Role.BUFFER, 200))),
                new BlockShape(
                    "head",
                    List.of(
                        tensor("head.weight", Role.PARAMETER, 10, 3),
                        tensor("head.bias", Role.PARAMETER, 10)))));
    return new TestModel(manifest, manifest.segments().stream().map(TestModel::values).toList());
  }

  /** The same, trained in stages of which the last trains what the one before did as well. */
  public TestModel inThreeStages() {
    ModelManifest staged =
        new ModelManifest(
            manifest.architecture(),
            manifest.settings(),
            manifest.ring(),
            manifest.blocks(),
            manifest.segments(),
            List.of(
                new Stage(List.of(0), List.of()),
                new Stage(List.of(1), List.of(0)),
                new Stage(List.of(1, 2), List.of(0))));
    return new TestModel(staged, initial);
  }

  private static TensorShape tensor(String name, Role role, Integer... shape) {
    return new TensorShape(name, List.of(shape), role);
  }

  private static float[] values(Segment segment) {
    SplittableRandom random = new SplittableRandom(SEED + segment.index());
    float[] values = new float[segment.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }
}
