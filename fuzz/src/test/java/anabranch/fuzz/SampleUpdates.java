// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Sound updates in every combination of codes, and in every transform, to begin with. */
final class SampleUpdates {

  private static final double[] FRACTIONS = {0.01, 0.25};

  private SampleUpdates() {}

  static Stream<ClientUpdate> all() {
    List<ClientUpdate> updates = new ArrayList<>();
    for (Index index : Index.values()) {
      for (Value value : Value.values()) {
        for (double fraction : index == Index.DENSE ? new double[] {1} : FRACTIONS) {
          updates.add(
              update(new EncodingSettings("sample", Reference.DELTA, index, value, 3, fraction)));
        }
      }
    }
    updates.add(update(EncodingSettings.DENSE_F32));
    updates.add(update(EncodingSettings.DENSE_F32, new TransformCode.Rotated(-7)));
    updates.add(update(EncodingSettings.DENSE_F32, new TransformCode.LowRankFactor(-7, 3)));
    return updates.stream();
  }

  private static ClientUpdate update(EncodingSettings settings) {
    return update(settings, new TransformCode.Plain());
  }

  /** The longest segment is left out of dense updates. */
  private static ClientUpdate update(EncodingSettings settings, TransformCode transform) {
    List<SegmentUpdate> segments =
        Envelope.MANIFEST.segments().stream()
            .filter(segment -> segment.length() < 1000 || settings.fraction() < 0.1)
            .map(segment -> encoded(segment, settings, transform))
            .toList();
    return new ClientUpdate(
        "anna", -1, -5, 1, 0, 1, 600, Map.of("loss", 0.5, "seconds", 12.0), segments, null, null);
  }

  private static SegmentUpdate encoded(
      Segment segment, EncodingSettings settings, TransformCode plans) {
    boolean buffer = segment.role() == Role.BUFFER;
    TransformCode transform = buffer ? new TransformCode.Plain() : plans;
    SplittableRandom random = new SplittableRandom(segment.index());
    float[] values = new float[Envelope.coefficients(transform, segment)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return new SegmentEncoder()
        .encode(
            segment.index(),
            values,
            0,
            values.length,
            buffer ? Reference.WEIGHTS : settings.reference(),
            buffer ? EncodingSettings.DENSE_F32 : settings,
            5)
        .of(transform);
  }
}
