// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import anabranch.client.train.TrainingResult;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpdateWriterTest {

  private static final UpdateWriter WRITER = new UpdateWriter("ann", 7);

  /** Three parameters, then two running statistics. */
  private static final ModelManifest NORMALISED =
      manifest(
          new TensorShape("w", List.of(3), Role.PARAMETER),
          new TensorShape("mean", List.of(2), Role.BUFFER));

  @Test
  void parametersAreDifferencesAndBuffersAreValues() throws Exception {
    List<ClientUpdate> parts =
        WRITER.write(
            plan(),
            NORMALISED,
            Map.of(0, new float[] {1, 1, 1, 10, 10}),
            trained(new float[] {1.5f, 1, 0, 11, 12}));

    List<SegmentUpdate> segments = parts.get(0).segments();
    assertThat(parts).hasSize(1);
    assertThat(segments)
        .extracting(SegmentUpdate::reference)
        .containsExactly(Reference.DELTA, Reference.WEIGHTS);
    assertThat(decoded(segments.get(0), 3)).startsWith(0.5f, 0, -1);
    assertThat(decoded(segments.get(1), 2)).startsWith(11, 12);
  }

  @Test
  void largeUpdateIsCutIntoRecordsWithinTheLimit() {
    ModelManifest large = manifest(new TensorShape("w", List.of(1_000, 500), Role.PARAMETER));

    List<ClientUpdate> parts =
        WRITER.write(plan(), large, Map.of(0, new float[500_000]), trained(new float[500_000]));

    assertThat(parts).hasSizeGreaterThan(1);
    assertThat(parts).extracting(ClientUpdate::parts).containsOnly(parts.size());
    assertThat(parts.stream().flatMap(part -> part.segments().stream()))
        .hasSize(large.segments().size());
    assertThat(parts)
        .allSatisfy(
            part -> assertThat(Records.encode(part)).hasSizeLessThanOrEqualTo(Records.MAX_BYTES));
  }

  @Test
  void trainerThatReturnsOtherBlocksOrNoNumbersIsRefused() {
    Map<Integer, float[]> received = Map.of(0, new float[5]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> WRITER.write(plan(), NORMALISED, received, trained(new float[4])))
        .withMessageContaining("4 values for block 0, expected 5");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                WRITER.write(
                    plan(), NORMALISED, received, trained(new float[] {0, Float.NaN, 0, 0, 0})))
        .withMessageContaining("NaN");
  }

  private static ModelManifest manifest(TensorShape... tensors) {
    return Segmenter.manifest(
        "custom", Map.of(), 4, List.of(new BlockShape("block", List.of(tensors))));
  }

  private static TrainingResult trained(float[] vector) {
    return new TrainingResult(Map.of(0, vector), 9, Map.of());
  }

  private static Plan plan() {
    return new Plan(
        5,
        0,
        1,
        List.of("ann"),
        List.of(0),
        List.of(),
        1,
        0,
        0,
        0,
        42,
        1_000,
        new TrainingSettings(1, 20, 0.1, 0, 0, Map.of()),
        EncodingSettings.DENSE_F32,
        List.of(),
        1_000);
  }

  private static float[] decoded(SegmentUpdate update, int length) throws Exception {
    DecodedSegment decoded = new DecodedSegment();
    SegmentDecoder.decode(update, length, 16, decoded);
    return decoded.values();
  }
}
