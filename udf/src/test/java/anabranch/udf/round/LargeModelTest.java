// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A model of 10^9 parameters: what is done for each segment must not walk through all of them. */
class LargeModelTest {

  private static final int BLOCKS = 64;
  private static final int SEGMENTS_OF_BLOCK = 120;
  private static final ModelManifest MANIFEST = manifest();
  private static final Digest DIGEST = Digest.of(new byte[Digest.LENGTH]);

  @Test
  void loadTakesTimeInProportionToItsSegments() {
    ModelLoad load = new ModelLoad(MANIFEST, List.of(announcement()));

    assertTimeout(
        Duration.ofSeconds(2),
        () -> {
          for (Segment segment : MANIFEST.segments()) {
            assertThat(load.newestIfWhole()).isNull();
            assertThat(load.take(loaded(segment))).isTrue();
          }
        });
    assertThat(load.newestIfWhole()).isNotNull();
  }

  private static Header.Loaded loaded(Segment segment) {
    RecordId id = new RecordId(RecordId.Source.MODEL, 0, segment.index());
    return new Header.Loaded(id, segment.index(), 1, DIGEST);
  }

  private static Announcement announcement() {
    Digest ofBlock = Digest.ofBlock(Collections.nCopies(SEGMENTS_OF_BLOCK, DIGEST));
    return new Announcement(
        "large",
        0,
        1,
        1,
        DIGEST,
        IntStream.range(0, BLOCKS).mapToObj(b -> new BlockVersion(b, 1, 1, ofBlock, 0)).toList(),
        Announcement.State.RUNNING,
        "",
        null,
        null);
  }

  private static ModelManifest manifest() {
    List<Integer> shape = List.of(SEGMENTS_OF_BLOCK, Segment.MAX_LENGTH);
    return Segmenter.manifest(
        "large",
        Map.of(),
        4,
        IntStream.range(0, BLOCKS)
            .mapToObj(b -> new BlockShape("b" + b, List.of(tensor("w" + b, shape))))
            .toList());
  }

  private static TensorShape tensor(String name, List<Integer> shape) {
    return new TensorShape(name, shape, Role.PARAMETER);
  }
}
