// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.train.Subspace;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.RowSpace;
import anabranch.protocol.codec.SegmentTransform;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What one client can express of an update before it is trained. Buffers may always move. */
final class EncodableSubspace implements Subspace {

  private final ModelManifest manifest;
  private final TransformCode transform;
  private final Function<Segment, IndexCode.Seeded> index;

  private EncodableSubspace(
      ModelManifest manifest, TransformCode transform, Function<Segment, IndexCode.Seeded> index) {
    this.manifest = manifest;
    this.transform = transform;
    this.index = index;
  }

  /** The elements that an index draws from each segment. */
  static Subspace ofElements(ModelManifest manifest, Function<Segment, IndexCode.Seeded> index) {
    return new EncodableSubspace(manifest, new TransformCode.Plain(), index);
  }

  /** What a transform turns coefficients into. */
  static Subspace ofImage(ModelManifest manifest, TransformCode transform) {
    return new EncodableSubspace(manifest, transform, null);
  }

  @Override
  public Optional<float[]> mask(int block) {
    if (index == null) {
      return Optional.empty();
    }
    float[] mask = new float[manifest.blocks().get(block).size()];
    Arrays.fill(mask, 1);
    for (Segment segment : parametersOf(block)) {
      Arrays.fill(mask, segment.offset(), segment.offset() + segment.length(), 0);
      for (int i : index.apply(segment).draw(segment.length())) {
        mask[segment.offset() + i] = 1;
      }
    }
    return Optional.of(mask);
  }

  @Override
  public List<RowSpace> rowSpaces(int block) {
    List<RowSpace> spaces = new ArrayList<>();
    for (Segment segment : parametersOf(block)) {
      for (RowSpace space : SegmentTransform.of(transform, manifest, segment).rowSpaces()) {
        RowSpace last = spaces.isEmpty() ? null : spaces.get(spaces.size() - 1);
        int from = segment.offset() + space.from();
        if (last != null && continues(last, from, space)) {
          spaces.set(spaces.size() - 1, at(last.from(), last.rows() + space.rows(), space));
        } else {
          spaces.add(at(from, space.rows(), space));
        }
      }
    }
    return spaces;
  }

  /** Whether a tensor that is cut into segments goes on. */
  private static boolean continues(RowSpace last, int from, RowSpace next) {
    return last.from() + last.rows() * last.columns() == from
        && last.columns() == next.columns()
        && last.seed() == next.seed();
  }

  private static RowSpace at(int from, int rows, RowSpace space) {
    return new RowSpace(from, rows, space.columns(), space.rank(), space.seed());
  }

  private List<Segment> parametersOf(int block) {
    return manifest.segmentsOf(block).stream()
        .filter(segment -> segment.role() != Role.BUFFER)
        .toList();
  }
}
