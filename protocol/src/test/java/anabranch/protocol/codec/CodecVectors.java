// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;

/** Vectors that were computed by an independent implementation, in {@code codec-vectors.json}. */
final class CodecVectors {

  private CodecVectors() {}

  static Stream<Named<JsonNode>> ofKind(String kind) {
    try (InputStream in = CodecVectors.class.getResourceAsStream("/codec-vectors.json")) {
      JsonNode all = new ObjectMapper().readTree(in);
      return StreamSupport.stream(all.spliterator(), false)
          .filter(vector -> vector.get("kind").asText().equals(kind))
          .map(vector -> Named.of(vector.get("id").asText(), vector));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  static float[] floats(JsonNode array) {
    float[] floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = array.get(i).floatValue();
    }
    return floats;
  }
}
