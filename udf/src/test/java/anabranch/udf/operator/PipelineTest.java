// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static anabranch.udf.testkit.UpdateBuilder.answer;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.Receipt;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.Segment;
import anabranch.udf.message.Publication;
import anabranch.udf.testkit.Models;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A federation of two clients over all operators, from Kafka's bytes to Kafka's bytes. */
class PipelineTest {

  private Pipeline pipeline;

  @BeforeEach
  void start() throws Exception {
    pipeline = new Pipeline(policy().build());
    pipeline.initialModel();
    pipeline.checkIn("a", 10);
    pipeline.checkIn("b", 30);
  }

  @AfterEach
  void stop() {
    pipeline.close();
  }

  @Test
  void modelMovesByTheWeightedMeanOfWhatClientsSent() throws Exception {
    round(4, 8);
    round(0, -4);

    // (10·4 + 30·8) / 40 = 7, then (10·0 + 30·(−4)) / 40 = −3; buffers are replaced.
    Map<Integer, float[]> model = announcedModel();
    assertThat(model.get(2)).containsExactly(2 + 4, 2.125f + 4, 2.25f + 4, 2.375f + 4);
    assertThat(model.get(1)).containsExactly(-3, -3);
    assertThat(pipeline.newestAnnouncement().modelVersion()).isEqualTo(2);
    assertThat(pipeline.newestAnnouncement().receipts().receipts())
        .containsExactly(new Receipt("a", Outcome.FOLDED), new Receipt("b", Outcome.FOLDED));
  }

  @Test
  void announcementFollowsTheSegmentsOfItsVersion() throws Exception {
    round(4, 8);

    List<Publication.Topic> topics = pipeline.published.stream().map(Publication::topic).toList();
    assertThat(topics)
        .containsExactly(
            Publication.Topic.PLANS,
            Publication.Topic.MODEL,
            Publication.Topic.MODEL,
            Publication.Topic.MODEL,
            Publication.Topic.MODEL,
            Publication.Topic.MODEL,
            Publication.Topic.PLANS,
            Publication.Topic.ROUNDS);
  }

  @Test
  void garbageIsCountedAndChangesNothing() throws Exception {
    Plan plan = pipeline.newestAnnouncement().plan();
    pipeline.update("a", new byte[100]);
    pipeline.update("a", null);
    pipeline.update("a", Records.encode(answer("a", plan).value((s, i) -> 1e30).record()));
    pipeline.update("x", Records.encode(answer("x", plan).record()));
    round(4, 8);

    RoundReport report =
        pipeline.published.stream()
            .filter(p -> p.topic() == Publication.Topic.ROUNDS)
            .map(p -> Records.decodeRoundReport(p.value()))
            .findFirst()
            .orElseThrow();
    assertThat(report.total()).isEqualTo(new Ledger(6, 2, 0, 0, 0, 4, 0, 0));
    assertThat(announcedModel().get(2)).containsExactly(9, 9.125f, 9.25f, 9.375f);
    assertThat(pipeline.published)
        .filteredOn(p -> p.topic() == Publication.Topic.REJECTED)
        .extracting(p -> Records.decodeRejectedRecord(p.value()).reason())
        .containsExactly("UNREADABLE", "UNREADABLE", "MAGNITUDE", "UNKNOWN_CLIENT");
  }

  /** Both clients answer the open plan, every element with one value; the later one comes first. */
  private void round(float a, float b) throws Exception {
    pipeline.checkpoint();
    Plan plan = pipeline.newestAnnouncement().plan();
    pipeline.update("b", Records.encode(answer("b", plan).samples(30).value((s, i) -> b).record()));
    pipeline.update("a", Records.encode(answer("a", plan).samples(10).value((s, i) -> a).record()));
  }

  /** What a client assembles: the announced versions, whole and with the announced digests. */
  private Map<Integer, float[]> announcedModel() {
    Announcement announcement = pipeline.newestAnnouncement();
    Map<Integer, float[]> model = new HashMap<>();
    for (BlockVersion block : announcement.blocks()) {
      for (Segment segment : Models.MANIFEST.segmentsOf(block.block())) {
        model.put(segment.index(), published(segment, block.version()));
      }
      assertThat(
              Digest.ofBlock(
                  Models.MANIFEST.segmentsOf(block.block()).stream()
                      .map(segment -> Models.digest(model.get(segment.index())))
                      .toList()))
          .isEqualTo(block.digest());
    }
    return model;
  }

  private float[] published(Segment segment, long version) {
    return pipeline.published.stream()
        .filter(p -> p.topic() == Publication.Topic.MODEL)
        .map(p -> Records.decodeModelSegment(p.value()))
        .filter(s -> s.segment() == segment.index() && s.version() == version)
        .map(ModelSegment::values)
        .map(Models::floats)
        .findFirst()
        .orElseThrow();
  }
}
