// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import anabranch.client.TestRound;
import anabranch.client.state.ClientState;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpdateEncoderTest {

  /** Three parameters, then two running statistics. */
  private static final ModelManifest NORMALISED =
      manifest(
          new TensorShape("w", List.of(3), Role.PARAMETER),
          new TensorShape("mean", List.of(2), Role.BUFFER));

  @Test
  void parametersAreDifferencesAndBuffersAreValues() throws Exception {
    List<SegmentUpdate> segments =
        encode(
            NORMALISED,
            EncodingSettings.DENSE_F32,
            new float[] {1, 1, 1, 10, 10},
            new float[] {1.5f, 1, 0, 11, 12});

    assertThat(segments)
        .extracting(SegmentUpdate::reference)
        .containsExactly(Reference.DELTA, Reference.WEIGHTS);
    assertThat(decoded(segments.get(0), 3)).startsWith(0.5f, 0, -1);
    assertThat(decoded(segments.get(1), 2)).startsWith(11, 12);
  }

  @Test
  void trainerThatReturnsOtherBlocksOrNoNumbersIsRefused() {
    float[] received = new float[5];

    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(NORMALISED, EncodingSettings.DENSE_F32, received, new float[4]))
        .withMessageContaining("4 values for block 0, expected 5");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                encode(
                    NORMALISED,
                    EncodingSettings.DENSE_F32,
                    received,
                    new float[] {0, Float.NaN, 0, 0, 0}))
        .withMessageContaining("NaN");
  }

  private static ModelManifest manifest(TensorShape... tensors) {
    return Segmenter.manifest(
        "custom", Map.of(), 4, List.of(new BlockShape("block", List.of(tensors))));
  }

  private static List<SegmentUpdate> encode(
      ModelManifest manifest, EncodingSettings encoding, float[] received, float[] trained) {
    Plan plan = TestRound.plan(1, List.of(0), encoding);
    try (ClientState state = ClientState.inMemory("demo", "ann")) {
      return new UpdateEncoder("ann", plan, manifest)
          .encode(
              Map.of(0, received),
              Map.of(0, trained),
              state.residuals(TestRound.opening(plan, "model", 1, 0)));
    }
  }

  private static float[] decoded(SegmentUpdate update, int length) throws Exception {
    DecodedSegment decoded = new DecodedSegment();
    SegmentDecoder.decode(update, length, 16, decoded);
    return decoded.values();
  }
}
