// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The vectors of an independent implementation, sound and unsound, as seeds. */
final class GoldenVectors {

  private static final List<JsonNode> ALL = read();

  private GoldenVectors() {}

  private static List<JsonNode> read() {
    try (InputStream in = GoldenVectors.class.getResourceAsStream("/codec-vectors.json")) {
      JsonNode all = new ObjectMapper().readTree(in);
      return StreamSupport.stream(all.spliterator(), false).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<JsonNode> ofKind(String kind) {
    return ALL.stream().filter(vector -> vector.get("kind").textValue().equals(kind));
  }

  /**
   * Index streams.
   *
   * @param field of the sound ones, such as {@code riceHex}
   * @param coding name of the code among the unsound ones
   */
  static Stream<FuzzInput> indices(String field, String coding) {
    Stream<FuzzInput> sound =
        ofKind("index")
            .filter(vector -> vector.hasNonNull(field))
            .map(vector -> index(vector, vector.get("indices").size(), field));
    Stream<FuzzInput> unsound =
        ofKind("badIndex")
            .filter(vector -> vector.get("coding").textValue().equals(coding))
            .map(vector -> index(vector, vector.get("k").intValue(), "hex"));
    return Stream.concat(sound, unsound);
  }

  private static FuzzInput index(JsonNode vector, int count, String field) {
    return new FuzzInput(
        vector.get("n").intValue(), count, vector.path("riceB").longValue(), 0, hex(vector, field));
  }

  /** Seeds in the first parameter, shares of the elements in the second. */
  static Stream<FuzzInput> seededMasks() {
    return ofKind("seededMask")
        .map(
            vector ->
                new FuzzInput(
                    vector.get("n").intValue(),
                    vector.get("indices").size(),
                    vector.get("seed").longValue(),
                    Double.doubleToRawLongBits(vector.get("p").doubleValue()),
                    new byte[0]));
  }

  /** Bits in the first parameter, the grid in the second as {@link AffineValuesFuzzTest} has it. */
  static Stream<FuzzInput> affine() {
    return ofKind("affine")
        .map(
            vector ->
                new FuzzInput(
                    1,
                    vector.get("decoded").size(),
                    vector.get("bits").longValue(),
                    AffineValuesFuzzTest.grid(
                        vector.get("lo").floatValue(), vector.get("step").floatValue()),
                    hex(vector, "hex")));
  }

  private static byte[] hex(JsonNode vector, String field) {
    return HexFormat.of().parseHex(vector.get(field).textValue());
  }
}
