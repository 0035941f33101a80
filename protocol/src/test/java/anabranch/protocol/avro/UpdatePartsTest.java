// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.ClientUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UpdatePartsTest {

  private static final Map<String, Double> METRICS = Map.of("loss", 0.5, "accuracy", 0.75);

  @Test
  void anUpdateThatFitsIsLeftWhole() {
    assertThat(UpdateParts.split(SampleRecords.UPDATE)).containsExactly(SampleRecords.UPDATE);
  }

  @Test
  void partsKeepTheOrderOfTheSegmentsAndStayUnderTheLimit() {
    SplittableRandom random = new SplittableRandom(3);
    for (int run = 0; run < 300; run++) {
      List<SegmentUpdate> segments = new ArrayList<>();
      for (int s = 0; s < 1 + random.nextInt(200); s++) {
        segments.add(dense(s, random.nextInt(300)));
      }
      int limit = 450 + random.nextInt(1000);

      List<ClientUpdate> parts =
          UpdateParts.split(SampleRecords.update(0, 1, METRICS, segments), limit);

      assertThat(parts.stream().flatMap(part -> part.segments().stream()).toList())
          .isEqualTo(segments);
      for (int p = 0; p < parts.size(); p++) {
        ClientUpdate part = parts.get(p);
        assertThat(part.part()).isEqualTo(p);
        assertThat(part.parts()).isEqualTo(parts.size());
        assertThat(part.metrics()).isEqualTo(p == 0 ? METRICS : Map.of());
        assertThat(Records.encode(part).length).isLessThanOrEqualTo(limit);
      }
      // No part could have taken the first segment of the next one, but for a few bytes of counts.
      for (int p = 1; p < parts.size(); p++) {
        int next = parts.get(p).segments().get(0).values().length();
        assertThat(Records.encode(parts.get(p - 1)).length + next).isGreaterThan(limit - 40);
      }
    }
  }

  @Test
  void aFullSegmentGoesIntoAPartOfItsOwn() {
    List<SegmentUpdate> segments = List.of(dense(0, 524_288), dense(1, 524_288));
    assertThat(UpdateParts.split(SampleRecords.update(0, 1, METRICS, segments)))
        .extracting(part -> part.segments().size())
        .containsExactly(1, 1);
  }

  @Test
  void whatCannotBeCutIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                UpdateParts.split(SampleRecords.update(0, 1, METRICS, List.of(dense(4, 950_000)))))
        .withMessageContaining("segment 4 takes 9500");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> UpdateParts.split(SampleRecords.update(1, 2, METRICS, SampleRecords.SEGMENTS)))
        .withMessageContaining("part 1 of 2");
  }

  private static SegmentUpdate dense(int segment, int bytes) {
    return new SegmentUpdate(
        segment,
        Reference.DELTA,
        bytes / 4,
        new IndexCode.Dense(),
        Bytes.EMPTY,
        new ValueCode.F32(),
        Bytes.of(new byte[bytes]));
  }
}
