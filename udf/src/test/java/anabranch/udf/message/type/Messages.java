// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.StageDecision;
import anabranch.protocol.message.StageMovement;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.aggregation.SegmentSum;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.message.SegmentProgress;
import anabranch.udf.movement.Movement;
import anabranch.udf.movement.MovementTrace;
import anabranch.udf.movement.StageCourse;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.PolicyBuilder;
import anabranch.udf.testkit.UpdateBuilder;
import java.util.List;
import java.util.Map;

/** Samples of everything that is written: each kind, each optional field with and without. */
final class Messages {

  static final RecordId ID = new RecordId(RecordId.Source.UPDATES, 3, 0x0102030405060708L);

  static final Order[] ORDERS = {
    new Order.Fold(7, 11, ID, 600, -31, AggregationRule.WEIGHTED_MEAN),
    new Order.Fold(7, 11, ID, 600, -31, AggregationRule.COORDINATE_COUNT_MEAN),
    new Order.Drop(0, 0, ID),
    new Order.Load(1, 2, new RecordId(RecordId.Source.MODEL, 0, 5), 3),
    new Order.Close(
        4, 5, 6, 7, -31, Reference.WEIGHTS, new TransformCode.Plain(), 0.5, 1_700_000_000_000L),
    new Order.Discard(1, Long.MAX_VALUE),
    new Order.Republish(1, 2, 3, 4, 5),
    new Order.Close(
        4, 5, 6, 7, -31, Reference.DELTA, new TransformCode.LowRankFactor(-9, 8), 0.5, 1),
    new Order.Close(
        4,
        5,
        6,
        7,
        -31,
        Reference.DELTA,
        new TransformCode.Plain(),
        0.5,
        1,
        new Order.Downlink(
            new EncodingSettings(
                "top-k",
                Reference.DELTA,
                EncodingSettings.Index.SMALLEST,
                EncodingSettings.Value.F16,
                16,
                0.25),
            3,
            true),
        null),
    new Order.Apply(1, 2, new RecordId(RecordId.Source.DELTAS, 0, 5), 3),
    new Order.Close(
        4,
        5,
        6,
        7,
        -31,
        Reference.DELTA,
        new TransformCode.Plain(),
        0.5,
        1,
        null,
        new Order.Probe(-9, 20)),
  };

  static final Header[] HEADERS = {
    new Header.Update(
        ID,
        900,
        "anna",
        -1,
        Long.MIN_VALUE,
        4,
        1,
        2,
        600,
        Map.of("loss", 0.5, "größe", -0.0),
        new int[] {0, 2, 131},
        Reference.DELTA,
        new TransformCode.Rotated(77),
        800,
        1200,
        new float[] {0.25f, -1},
        bytes(1, 2, 3)),
    new Header.Update(
        ID,
        0,
        "a",
        1,
        1,
        1,
        0,
        1,
        1,
        Map.of(),
        new int[] {0},
        null,
        new TransformCode.Plain(),
        0,
        0,
        new float[0],
        Bytes.EMPTY),
    new Header.Unusable(ID, 5, "PADDING", "bits", "anna", 9, bytes(0xC3)),
    new Header.Unusable(ID, 0, "UNREADABLE", "", null, 0, Bytes.EMPTY),
    new Header.CheckIn(ID, UpdateBuilder.checkIn("anna", 10)),
    new Header.Gone(new RecordId(RecordId.Source.CLIENTS, 0, 1), "anna"),
    Models.loaded(2, 3, 4),
    new Header.LoadedDelta(new RecordId(RecordId.Source.DELTAS, 0, 1), 2, 5, 3),
    new Header.Decided(
        new RecordId(RecordId.Source.CONTROL, 0, 1),
        new StageDecision("test", 1, 7, 5, 2, new StageMovement(0.5, null, true))),
  };

  static final SegmentPayload[] PAYLOADS = {
    payload(new IndexCode.Rice(1), new ValueCode.Affine(1, -1, 2)),
    payload(new IndexCode.Dense(), new ValueCode.F32()),
    payload(new IndexCode.Bitmap(), new ValueCode.F16()),
    payload(new IndexCode.GapVarint(), new ValueCode.BF16()),
    payload(new IndexCode.Seeded(Long.MIN_VALUE, 0.25), new ValueCode.F32()),
    // A run inside a larger array, as it is cut out of a Kafka record.
    new SegmentPayload(
        ID,
        new SegmentUpdate(
            131_071,
            Reference.WEIGHTS,
            0,
            new IndexCode.Dense(),
            Bytes.EMPTY,
            new ValueCode.F32(),
            new Bytes(new byte[] {9, 1, 2, 9}, 1, 2))),
    new SegmentPayload(
        ID,
        payload(new IndexCode.Dense(), new ValueCode.F32())
            .update()
            .of(new TransformCode.Rotated(Long.MIN_VALUE))
            .grouped(4)),
  };

  static final SegmentProgress[] PROGRESS = {
    SegmentProgress.START, new SegmentProgress(5, 2, 1, 4096, 1234),
  };

  static final Sealed[] SEALED = {
    new Sealed(3, 4, 5, Models.manifestDigest(), 0.5, null),
    new Sealed(3, 4, 5, Models.manifestDigest(), 0.5, new Movement(0.25, 2, 7)),
  };

  static final Publication[] PUBLICATIONS = {
    new Publication(Publication.Topic.MODEL, 2, new byte[] {1}, new byte[] {2, 3}, 4),
    new Publication(Publication.Topic.REJECTED, Publication.ANY_PARTITION, null, new byte[0], 0),
  };

  static final ConsumedRecord[] RECORDS = {
    new ConsumedRecord(ID, new byte[] {1, 2}, new byte[] {3}), new ConsumedRecord(ID, null, null),
  };

  static final SegmentSum[] SUMS = {
    new SegmentSum(new long[] {1, -2, Long.MAX_VALUE}, null),
    new SegmentSum(new long[] {1, 2}, new long[] {3, 0}),
    new SegmentSum(new long[0], null),
  };

  static final MovementTrace[] TRACES = {
    MovementTrace.begin(-3, new float[] {1, -2}),
    MovementTrace.begin(-3, new float[] {1, -2}).after(new float[] {2, 0}, 4),
    MovementTrace.begin(0, new float[0]),
  };

  static final StageCourse[] COURSES = {
    StageCourse.begin(1), new StageCourse(3, 40, List.of(0.5, 0.25)),
  };

  static final float[][] FLOATS = {{}, {1, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN}};

  /** The announcement of a plan, that of a closed round with its report, and one of neither. */
  static final Draft[] DRAFTS = drafts();

  private Messages() {}

  private static Draft[] drafts() {
    ControlPlane plane = ControlPlane.running(PolicyBuilder.policy().build(), "a", "b");
    plane.answer("a");
    plane.answer("b");
    Draft bare = new Draft(Models.initial(), null, List.of());
    Draft rebuilt = new Draft(Models.initial(), null, List.of(0, 2), List.of(2));
    return new Draft[] {plane.output.drafts.get(0), plane.output.drafts.get(1), bare, rebuilt};
  }

  private static SegmentPayload payload(IndexCode index, ValueCode value) {
    return new SegmentPayload(
        ID, new SegmentUpdate(3, Reference.DELTA, 4, index, bytes(0x64, 0xE7), value, bytes(9)));
  }

  private static Bytes bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Bytes.of(bytes);
  }
}
