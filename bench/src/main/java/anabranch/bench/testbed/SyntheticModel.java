// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.testbed;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A model of a given size that nobody trains: one block of matrices with rows of 1,024.
 *
 * @param parameters their number, at least 1
 */
public record SyntheticModel(int parameters) {

  /** Parameters of ResNet-34, 87.2 MB as float32. */
  public static final int RESNET_34 = 21_797_672;

  private static final int ROW = 1_024;
  private static final int RING = 4;
  private static final long SEED = 34;

  /** Its tensors and segments. */
  public ModelManifest manifest() {
    List<TensorShape> tensors = new ArrayList<>();
    if (parameters >= ROW) {
      tensors.add(new TensorShape("weight", List.of(parameters / ROW, ROW), Role.PARAMETER));
    }
    if (parameters % ROW > 0) {
      tensors.add(new TensorShape("rest", List.of(parameters % ROW), Role.PARAMETER));
    }
    return Segmenter.manifest(
        "synthetic",
        Map.of("parameters", Integer.toString(parameters)),
        RING,
        List.of(new BlockShape("block", tensors)));
  }

  /** Version 0, one vector a block. */
  public List<float[]> initialWeights() {
    return List.of(values(new SplittableRandom(SEED), parameters));
  }

  /**
   * An update of all segments, in order. The values are the same at every call: nothing on the way
   * compares or compresses them, so all clients may send them.
   */
  public List<SegmentUpdate> update(EncodingSettings encoding) {
    List<SegmentUpdate> update = new ArrayList<>();
    SegmentEncoder encoder = new SegmentEncoder();
    for (Segment segment : manifest().segments()) {
      float[] values = values(new SplittableRandom(SEED + 1 + segment.index()), segment.length());
      update.add(
          encoder.encode(
              segment.index(),
              values,
              0,
              values.length,
              encoding.reference(),
              encoding,
              segment.index()));
    }
    return update;
  }

  /** Small numbers, most of them near 0. */
  private static float[] values(SplittableRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      double uniform = 2 * random.nextDouble() - 1;
      values[i] = (float) (0.01 * uniform * uniform * uniform);
    }
    return values;
  }
}
