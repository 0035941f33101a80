// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockGrid;
import anabranch.protocol.message.BlockSnapshot;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Contribution;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.ModelDelta;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.Receipt;
import anabranch.protocol.message.RejectedRecord;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReceipts;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.message.StageDecision;
import anabranch.protocol.message.StageMovement;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.Block;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.protocol.model.Stage;
import anabranch.protocol.model.Tensor;
import java.util.List;
import java.util.Map;

/** One record of every type, small enough to read. */
final class SampleRecords {

  static final Digest DIGEST = Digest.ofContent(new byte[] {1, 2, 3}, 0, 3);

  static final ClientCheckIn CHECK_IN =
      new ClientCheckIn("anna", 0x1122334455667788L, ClientCheckIn.Status.READY, 600, 0, "test 1");

  /** The vector index-n16-k4 with one-bit values. */
  static final SegmentUpdate RICE =
      new SegmentUpdate(
          3,
          Reference.DELTA,
          4,
          new IndexCode.Rice(1),
          bytes(0x64, 0xE7),
          new ValueCode.Affine(1, -1, 2),
          bytes(0x09));

  /** Every index code, value code and reference. */
  static final List<SegmentUpdate> SEGMENTS =
      List.of(
          RICE,
          segment(0, new IndexCode.Dense(), new ValueCode.F32()),
          segment(1, new IndexCode.Bitmap(), new ValueCode.F16()),
          segment(2, new IndexCode.GapVarint(), new ValueCode.BF16()),
          new SegmentUpdate(
              131_071,
              Reference.WEIGHTS,
              0,
              new IndexCode.Seeded(Long.MIN_VALUE, 0.25),
              Bytes.EMPTY,
              new ValueCode.F32(),
              Bytes.EMPTY));

  static final ClientUpdate UPDATE =
      update(0, 1, Map.of("loss", 0.5, "accuracy", 0.75, "seconds", 12.0), SEGMENTS);

  static final Plan PLAN =
      new Plan(
          -5,
          0,
          1,
          List.of("anna", "bert"),
          List.of(0, 2),
          List.of(1),
          2,
          0.25,
          0.5,
          1L << 33,
          Long.MAX_VALUE,
          120_000,
          new TrainingSettings(1, 32, 0.1, 0.9, 0.01, Map.of("augment", "flip")),
          EncodingSettings.DENSE_F32,
          List.of(new BlockGrid(0, 16, -35), new BlockGrid(2, 16, -35)),
          1000);

  static final RoundReceipts RECEIPTS =
      new RoundReceipts(
          7,
          41,
          RoundOutcome.COMPLETED,
          List.of(new Receipt("anna", Outcome.FOLDED), new Receipt("bert", Outcome.LATE)));

  static final Announcement ANNOUNCEMENT = announcement(PLAN, RECEIPTS);

  static final ModelManifest MANIFEST =
      new ModelManifest(
          "conv-small",
          Map.of("classes", "10", "width", "16"),
          4,
          List.of(
              new Block(
                  0,
                  "stem",
                  List.of(
                      new Tensor("stem.weight", List.of(4, 3), Role.PARAMETER, 0),
                      new Tensor("stem.scale", List.of(), Role.AUXILIARY, 12),
                      new Tensor("stem.mean", List.of(4), Role.BUFFER, 13),
                      new Tensor("stem.seen", List.of(), Role.LOCAL, -1)))),
          List.of(
              new Segment(0, 0, Role.PARAMETER, 0, 12),
              new Segment(1, 0, Role.AUXILIARY, 12, 1),
              new Segment(2, 0, Role.BUFFER, 13, 4)),
          List.of(new Stage(List.of(0), List.of())));

  static final ModelSegment MODEL_SEGMENT = new ModelSegment(0, 2, 17, bytes(0, 0, 0x80, 0x3F));

  static final ModelDelta MODEL_DELTA = new ModelDelta(0, 19, 17, RICE);

  static final RoundReport REPORT =
      new RoundReport(
          "demo",
          1,
          41,
          7,
          RoundOutcome.QUORUM_MISSED,
          40,
          1,
          0.1,
          0.2,
          List.of(0),
          12,
          List.of("anna", "bert"),
          2,
          "the cohort was clamped",
          List.of(new Contribution("anna", 600, 4096, Map.of("loss", 0.5))),
          Map.of("loss", 0.5),
          1,
          2,
          3,
          4,
          5,
          6,
          7,
          8,
          1.5,
          new Ledger(9, 1, 2, 1, 1, 1, 4, -1),
          new Ledger(28, 1, 2, 3, 4, 5, 6, 7),
          new StageMovement(0.5, -0.125, true));

  static final StageDecision DECISION =
      new StageDecision("demo", 1, 7, 5, 2, new StageMovement(null, null, false));

  static final RejectedRecord REJECTED =
      new RejectedRecord("PADDING", "bits", "demo.updates", 3, 99, "anna", 7, bytes(0xC3, 1));

  private SampleRecords() {}

  static Bytes bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Bytes.of(bytes);
  }

  static SegmentUpdate segment(int segment, IndexCode index, ValueCode value) {
    return new SegmentUpdate(
        segment, Reference.DELTA, 1, index, bytes(0, 1), value, bytes(1, 2, 3, 4));
  }

  static ClientUpdate update(
      int part, int parts, Map<String, Double> metrics, List<SegmentUpdate> segments) {
    return new ClientUpdate("anna", -1, -5, 1, part, parts, 600, metrics, segments, null, null);
  }

  static Announcement announcement(Plan plan, RoundReceipts receipts) {
    return new Announcement(
        "demo",
        1,
        41,
        40,
        DIGEST,
        List.of(
            new BlockVersion(
                0, 17, 18, DIGEST, 1_700_000_000_000L, new BlockSnapshot(15, 1_699_999_990_000L))),
        Announcement.State.RUNNING,
        "",
        plan,
        receipts);
  }
}
