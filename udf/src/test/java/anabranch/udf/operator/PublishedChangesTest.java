// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static anabranch.udf.operator.LoadedSegment.SEGMENT;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.ModelDelta;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.testkit.Models;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What leads from one version of a segment to the next, and what it leaves out. */
class PublishedChangesTest {

  private LoadedSegment segment;

  @BeforeEach
  void load() throws Exception {
    segment = new LoadedSegment(0);
  }

  @AfterEach
  void close() {
    segment.close();
  }

  @Test
  void changeIsPublishedInsteadOfTheVersionAndTheDigestIsOfTheValues() throws Exception {
    segment.payload(1, 4, 1);
    segment.fold(1, 10);
    segment.closeRound(7, 5, Reference.DELTA, downlink(false));

    assertThat(segment.stage.published).hasSize(1);
    Publication record = segment.stage.published.get(0);
    assertThat(record.topic()).isEqualTo(Publication.Topic.DELTAS);
    assertThat(record.partition()).isZero();
    assertThat(record.timestamp()).isEqualTo(99);
    assertThat(record.key()).isNull();
    ModelDelta delta = Records.decodeModelDelta(record.value());
    assertThat(delta.block()).isEqualTo(2);
    assertThat(delta.version()).isEqualTo(5);
    assertThat(delta.fromVersion()).isEqualTo(4);
    assertThat(delta.change().reference()).isEqualTo(Reference.DELTA);
    assertThat(delta.change().count()).as("the larger of two").isEqualTo(1);
    assertThat(segment.stage.sealed)
        .containsExactly(
            new Sealed(SEGMENT, 7, 5, Models.digest(new float[] {8, 4.125f}), 16, null));
  }

  @Test
  void whatAChangeLeftOutIsInTheNextOneAndInTheSnapshot() throws Exception {
    segment.payload(1, 4, 3);
    segment.fold(1, 10);
    segment.closeRound(1, 1, Reference.DELTA, downlink(false));
    assertThat(segment.stage.keysWith("residual")).isEqualTo(1);
    segment.stage.restart(2);
    segment.payload(2, 1, 1);
    segment.fold(2, 10);
    segment.closeRound(2, 2, Reference.DELTA, downlink(true));

    assertThat(segment.stage.published)
        .extracting(Publication::topic)
        .containsExactly(
            Publication.Topic.DELTAS, Publication.Topic.DELTAS, Publication.Topic.MODEL);
    assertThat(segment.values(2)).containsExactly(8, 4.125f + 4);
    assertThat(segment.stage.sealed.get(1).digest())
        .isEqualTo(Models.digest(new float[] {8, 8.125f}));
  }

  @Test
  void firstVersionThatIsPublishedWholeAgainTakesInWhatIsOwed() throws Exception {
    segment.payload(1, 4, 3);
    segment.fold(1, 10);
    segment.closeRound(1, 1, Reference.DELTA, downlink(false));
    segment.closeRound(2, 2);

    assertThat(segment.values(1)).containsExactly(8, 7.125f);
    assertThat(segment.stage.keysWith("residual")).isZero();
  }

  @Test
  void segmentThatNothingWasFoldedIntoSendsWhatIsOwed() throws Exception {
    segment.payload(1, 4, 3);
    segment.fold(1, 10);
    segment.closeRound(1, 1, Reference.DELTA, downlink(false));
    segment.closeRound(2, 2, Reference.DELTA, downlink(true));

    assertThat(segment.values(2)).containsExactly(8, 7.125f);
  }

  @Test
  void weightsTravelByTheirValues() throws Exception {
    segment.payload(1, 4, 3);
    segment.fold(1, 10);
    segment.closeRound(1, 1, Reference.WEIGHTS, downlink(false));

    SegmentUpdate change =
        Records.decodeModelDelta(segment.stage.published.get(0).value()).change();
    assertThat(change.reference()).isEqualTo(Reference.WEIGHTS);
    assertThat(change.indexCode()).isInstanceOf(IndexCode.Dense.class);
    assertThat(Models.floats(change.values())).containsExactly(4, 3);
    assertThat(segment.stage.sealed.get(0).digest()).isEqualTo(Models.digest(new float[] {4, 3}));
    assertThat(segment.stage.keysWith("residual")).isZero();
  }

  @Test
  void whatIsOwedEndsWithTheChangesItBelongsTo() throws Exception {
    segment.payload(1, 4, 3);
    segment.fold(1, 10);
    segment.closeRound(1, 1, Reference.DELTA, downlink(false));
    segment.payload(2, 1, 2);
    segment.fold(2, 10);
    segment.closeRound(2, 2, Reference.WEIGHTS, null);
    assertThat(segment.stage.keysWith("residual")).isZero();
    segment.closeRound(3, 3, Reference.DELTA, downlink(true));

    assertThat(segment.values(3)).containsExactly(1, 2);
  }

  /** What a job without state does with a whole version and the changes since. */
  @Test
  void changesAreAppliedToWhatWasLoaded() throws Exception {
    List<SegmentUpdate> changes = new ArrayList<>();
    for (long version = 1; version <= 3; version++) {
      segment.payload(version, version, 1.5f);
      segment.fold(version, 10);
      segment.closeRound(version, version, Reference.DELTA, downlink(false));
      changes.add(
          Records.decodeModelDelta(segment.stage.published.get((int) version - 1).value())
              .change());
    }
    Sealed last = segment.stage.sealed.get(2);
    segment.close();

    segment = new LoadedSegment(0);
    for (int i = 0; i < changes.size(); i++) {
      RecordId id = new RecordId(RecordId.Source.DELTAS, 0, i);
      segment.stage.order(new Order.Apply(SEGMENT, segment.nextOrder(), id, i + 1));
      segment.stage.payload(new SegmentPayload(id, changes.get(i)));
    }
    segment.stage.order(new Order.Republish(SEGMENT, segment.nextOrder(), 4, 3, 99));

    assertThat(segment.stage.sealed.get(segment.stage.sealed.size() - 1).digest())
        .isEqualTo(last.digest());
  }

  private static Order.Downlink downlink(boolean snapshot) {
    EncodingSettings half =
        new EncodingSettings(
            "top-k",
            Reference.DELTA,
            EncodingSettings.Index.SMALLEST,
            EncodingSettings.Value.F32,
            32,
            0.5);
    return new Order.Downlink(half, 4, snapshot);
  }
}
