// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.model.Block;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import anabranch.protocol.model.Stage;
import anabranch.protocol.model.Tensor;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {

  private static final ModelManifest MANIFEST =
      new ModelManifest(
          "tiny",
          Map.of(),
          2,
          List.of(
              new Block(
                  0,
                  "first",
                  List.of(
                      new Tensor("a.weight", List.of(2, 3), Role.PARAMETER, 0),
                      new Tensor("own", List.of(7), Role.LOCAL, -1),
                      new Tensor("a.bias", List.of(2), Role.PARAMETER, 6))),
              new Block(1, "last", List.of(new Tensor("scale", List.of(), Role.PARAMETER, 0)))),
          List.of(
              new Segment(0, 0, Role.PARAMETER, 0, 8), new Segment(1, 1, Role.PARAMETER, 0, 1)));

  private static final Map<Integer, float[]> WEIGHTS =
      Map.of(0, new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, new float[] {-0.5f});

  private static final Map<String, String> METADATA =
      Map.of("version", "3", "architecture", "tiny");

  private final byte[] bytes = SafetensorsFile.of(MANIFEST, WEIGHTS, METADATA).bytes();
  private final ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private final int headerLength = (int) file.getLong(0);

  @Test
  void headerNamesEveryTensorThatTravelsWithShapeAndBytes() throws IOException {
    JsonNode header = new ObjectMapper().readTree(bytes, Long.BYTES, headerLength);

    assertThat(header)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"__metadata__": {"architecture": "tiny", "version": "3"},
                     "a.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
                     "a.bias": {"dtype": "F32", "shape": [2], "data_offsets": [24, 32]},
                     "scale": {"dtype": "F32", "shape": [], "data_offsets": [32, 36]}}"""));
  }

  @Test
  void valuesFollowTheHeaderWithoutGaps() {
    float[] values = new float[9];
    file.position(Long.BYTES + headerLength);
    file.asFloatBuffer().get(values);

    assertThat(values).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, -0.5f);
    assertThat(bytes).hasSize(Long.BYTES + headerLength + 36);
  }

  @Test
  void valuesBeginAtAMultipleOfEight() {
    assertThat(headerLength % 8).isZero();
  }

  @Test
  void equalModelsGiveEqualBytes(@TempDir Path folder) throws IOException {
    Path written = folder.resolve("model.safetensors");
    SafetensorsFile.of(MANIFEST, WEIGHTS, METADATA).writeTo(written);

    assertThat(Files.readAllBytes(written)).isEqualTo(bytes);
  }

  @Test
  void onlyTheDeployedModelIsInTheFile() throws IOException {
    ModelManifest staged =
        Segmenter.manifest(
            "tiny",
            Map.of(),
            2,
            List.of(
                shape("body", new TensorShape("body", List.of(2), Role.PARAMETER)),
                shape("output1", new TensorShape("early", List.of(3), Role.PARAMETER)),
                shape(
                    "output2",
                    new TensorShape("head", List.of(4), Role.AUXILIARY),
                    new TensorShape("late", List.of(1), Role.PARAMETER),
                    new TensorShape("mean", List.of(1), Role.BUFFER))),
            List.of(new Stage(List.of(0, 1), List.of()), new Stage(List.of(0, 2), List.of())));

    byte[] written =
        SafetensorsFile.of(
                staged, Map.of(0, new float[] {1, 2}, 2, new float[] {3, 9, 9, 9, 9, 4}), METADATA)
            .bytes();

    ByteBuffer content = ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) content.getLong();
    JsonNode header = new ObjectMapper().readTree(written, Long.BYTES, length);
    assertThat(header.fieldNames())
        .toIterable()
        .containsExactly("__metadata__", "body", "late", "mean");
    float[] values = new float[4];
    content.position(Long.BYTES + length).asFloatBuffer().get(values);
    assertThat(values).containsExactly(1, 2, 3, 4);
    assertThat(written).hasSize(Long.BYTES + length + 16);
  }

  private static BlockShape shape(String name, TensorShape... tensors) {
    return new BlockShape(name, List.of(tensors));
  }

  @Test
  void missingBlockIsNamed() {
    assertThatThrownBy(() -> SafetensorsFile.of(MANIFEST, Map.of(1, new float[1]), METADATA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("block 'first' of tiny has 8 values, given are none");
  }
}
