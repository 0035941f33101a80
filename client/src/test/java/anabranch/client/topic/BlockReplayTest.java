// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.model.Architecture;
import anabranch.protocol.Bytes;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.BlockSnapshot;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ModelDelta;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Whether changes are worth reading. Block 0 has 802,816 bytes in two segments; of a ring of 4,
 * versions that follow whole version 0 are 1, 2, 3, 5, 6, 7.
 */
class BlockReplayTest {

  private static final int SEGMENTS = 2;
  private static final ModelManifest MANIFEST =
      Architecture.MLP.define(Map.of("hidden", "256")).manifest(4);
  private static final BlockSnapshot FIRST = new BlockSnapshot(0, 0);
  private static final BlockVersion WANTED = version(7, new BlockSnapshot(7, 0));
  private static final Bytes NOTHING = Bytes.of(new byte[0]);

  @Test
  void changesThatTakeLessThanTheWholeVersionAreReadToTheEnd() {
    assertThat(recordsUntilSettled(version(0, FIRST), 66_000, 1, 2, 3, 5, 6, 7))
        .as("12 · 66,000 bytes")
        .isEqualTo(12);
    assertThat(recordsUntilSettled(version(2, FIRST), 100_000, 3, 5, 6, 7))
        .as("8 · 100,000 bytes")
        .isEqualTo(8);
  }

  @Test
  void changesThatTakeMoreAreGivenUpOnceThatCanBeTold() {
    assertThat(recordsUntilSettled(version(0, FIRST), 67_000, 1, 2, 3, 5, 6, 7))
        .as("12 · 67,000 bytes")
        .isEqualTo(2);
    assertThat(recordsUntilSettled(version(2, FIRST), 101_000, 3, 5, 6, 7))
        .as("8 · 101,000 bytes")
        .isEqualTo(2);
  }

  /** How many records of a size are read of those that lead through versions to the wanted one. */
  private static int recordsUntilSettled(BlockVersion held, long bytes, long... versions) {
    HeldBlock from = new HeldBlock(held, new float[MANIFEST.blocks().get(0).size()], Map.of());
    BlockReplay replay = new BlockReplay(MANIFEST, from, WANTED);
    int records = 0;
    long at = held.version();
    for (long version : versions) {
      for (int segment = 0; segment < SEGMENTS && !replay.isSettled(); segment++) {
        assertThat(replay.take(change(segment, version, at), segment, version, bytes)).isTrue();
        records++;
      }
      at = version;
    }
    assertThat(replay.isSettled()).isTrue();
    return records;
  }

  private static BlockVersion version(long version, BlockSnapshot newestWhole) {
    Digest digest = Digest.of(new byte[Digest.LENGTH]);
    return new BlockVersion(0, version, version, digest, 0, newestWhole);
  }

  private static ModelDelta change(int segment, long version, long from) {
    return new ModelDelta(
        0,
        version,
        from,
        new SegmentUpdate(
            segment,
            Reference.DELTA,
            0,
            new IndexCode.GapVarint(),
            NOTHING,
            new ValueCode.F32(),
            NOTHING));
  }
}
