// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.udf.aggregation.AggregationRule;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records that are sound as Avro and say anything at all in their fields. */
class UpdateFieldsFuzzTest {

  private static final int MOST_SEGMENTS = 8;

  private final Envelope mean = new Envelope(AggregationRule.WEIGHTED_MEAN);
  private final Envelope countedMean = new Envelope(AggregationRule.COORDINATE_COUNT_MEAN);

  @FuzzTest(maxDuration = "")
  void areTakenWholeOrRefusedWithoutATrace(FuzzedDataProvider data) throws Exception {
    byte[] record = Records.encode(update(data));
    mean.receive(record);
    countedMean.receive(record);
  }

  private static ClientUpdate update(FuzzedDataProvider data) {
    List<SegmentUpdate> segments = new ArrayList<>();
    TransformCode plans = transform(data);
    for (int left = data.consumeInt(0, MOST_SEGMENTS); left > 0; left--) {
      segments.add(segment(data, plans));
    }
    boolean sound = data.consumeBoolean();
    return new ClientUpdate(
        sound ? "anna" : data.consumeString(130),
        sound ? 1 : data.consumeLong(),
        data.consumeLong(),
        sound ? 1 : data.consumeLong(),
        sound ? 0 : data.consumeInt(),
        sound ? 1 : data.consumeInt(),
        sound ? 1 : data.consumeLong(),
        sound ? Map.of() : Map.of(data.consumeString(66), data.consumeDouble()),
        segments,
        data.consumeBoolean() ? data.consumeString(4) : null,
        data.consumeBoolean() ? Bytes.of(data.consumeBytes(4)) : null);
  }

  private static SegmentUpdate segment(FuzzedDataProvider data, TransformCode plans) {
    int most = Envelope.MANIFEST.segments().size();
    int segment = data.consumeInt(-1, most);
    Segment existing = Envelope.MANIFEST.segments().get(Math.floorMod(segment, most));
    TransformCode transform =
        existing.role() == Role.BUFFER || data.consumeInt(0, 9) == 0 ? transform(data) : plans;
    int length = length(transform, existing);
    return new SegmentUpdate(
        segment,
        data.pickValue(Reference.values()),
        data.consumeBoolean() ? data.consumeInt(0, Math.min(length, 300)) : count(data, length),
        indexCode(data),
        Bytes.of(data.consumeBytes(data.consumeInt(0, 64))),
        valueCode(data),
        Bytes.of(data.consumeBytes(data.consumeInt(0, 256))),
        transform,
        data.consumeInt(0, 9) == 0 ? data.consumeInt() : data.consumeInt(1, 5));
  }

  private static TransformCode transform(FuzzedDataProvider data) {
    return switch (data.consumeInt(0, 4)) {
      case 0 -> new TransformCode.Rotated(data.consumeLong());
      case 1 -> new TransformCode.LowRankFactor(data.consumeLong(), data.consumeInt(1, 60));
      case 2 -> new TransformCode.LowRankFactor(data.consumeLong(), data.consumeInt());
      default -> new TransformCode.Plain();
    };
  }

  private static int length(TransformCode transform, Segment segment) {
    boolean none = transform instanceof TransformCode.LowRankFactor factor && factor.rank() < 1;
    return none ? segment.length() : Envelope.coefficients(transform, segment);
  }

  private static int count(FuzzedDataProvider data, int length) {
    return data.consumeBoolean() ? length : data.consumeInt();
  }

  private static IndexCode indexCode(FuzzedDataProvider data) {
    return switch (data.consumeInt(0, 4)) {
      case 0 -> new IndexCode.Dense();
      case 1 -> new IndexCode.Bitmap();
      case 2 -> new IndexCode.GapVarint();
      case 3 -> new IndexCode.Rice(data.consumeInt(-1, 32));
      default -> new IndexCode.Seeded(data.consumeLong(), data.consumeDouble());
    };
  }

  private static ValueCode valueCode(FuzzedDataProvider data) {
    return switch (data.consumeInt(0, 3)) {
      case 0 -> new ValueCode.F32();
      case 1 -> new ValueCode.F16();
      case 2 -> new ValueCode.BF16();
      default ->
          new ValueCode.Affine(data.consumeInt(-1, 18), data.consumeFloat(), data.consumeFloat());
    };
  }
}
