// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import static anabranch.protocol.codec.CodecVectors.floats;
import static anabranch.protocol.codec.CodecVectors.ints;
import static anabranch.protocol.codec.Updates.decode;
import static anabranch.protocol.codec.Updates.hex;
import static anabranch.protocol.codec.Updates.indexOnly;
import static anabranch.protocol.codec.Updates.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecVectorsTest {

  static Stream<Named<JsonNode>> prg() {
    return CodecVectors.ofKind("prg");
  }

  static Stream<Named<JsonNode>> index() {
    return CodecVectors.ofKind("index");
  }

  static Stream<Named<JsonNode>> badIndex() {
    return CodecVectors.ofKind("badIndex");
  }

  static Stream<Named<JsonNode>> seededMask() {
    return CodecVectors.ofKind("seededMask");
  }

  static Stream<Named<JsonNode>> affine() {
    return CodecVectors.ofKind("affine");
  }

  static Stream<Named<JsonNode>> stc() {
    return CodecVectors.ofKind("stc");
  }

  @ParameterizedTest
  @MethodSource("prg")
  void drawsTheSequence(JsonNode vector) {
    long seed = vector.get("seed").longValue();
    JsonNode longs = vector.get("longsHex");
    for (int i = 0; i < longs.size(); i++) {
      assertThat(SplitMix64.longAt(seed, i))
          .isEqualTo(Long.parseUnsignedLong(longs.get(i).textValue(), 16));
      assertThat(SplitMix64.doubleAt(seed, i))
          .isEqualTo(vector.get("doubles").get(i).doubleValue());
    }
    JsonNode signs = vector.get("rademacher");
    for (int i = 0; i < signs.size(); i++) {
      assertThat(SplitMix64.longAt(seed, i) < 0 ? -1 : 1).isEqualTo(signs.get(i).intValue());
    }
  }

  @ParameterizedTest
  @MethodSource("index")
  void writesAndReadsTheIndex(JsonNode vector) throws MalformedUpdateException {
    RiceIndex rice = new RiceIndex(vector.get("riceB").intValue());
    assertWritesAndReads(rice, vector, "riceHex");
    assertWritesAndReads(new GapVarintIndex(), vector, "varintHex");
    assertWritesAndReads(new BitmapIndex(), vector, "bitmapHex");
    int[] indices = ints(vector.get("indices"));
    assertThat(RiceIndex.smallest(indices, indices.length, vector.get("n").intValue()))
        .isEqualTo(rice);
  }

  private static void assertWritesAndReads(IndexCodec codec, JsonNode vector, String field)
      throws MalformedUpdateException {
    if (!vector.hasNonNull(field)) {
      return;
    }
    int length = vector.get("n").intValue();
    int[] indices = ints(vector.get("indices"));
    Bytes expected = hex(vector.get(field).textValue());
    assertThat(Bytes.of(codec.encode(indices, indices.length, length))).isEqualTo(expected);
    assertThat(codec.size(indices, indices.length, length)).isEqualTo(expected.length());
    int[] decoded = new int[length];
    codec.decode(expected, indices.length, length, decoded);
    assertThat(Arrays.copyOf(decoded, indices.length)).isEqualTo(indices);
  }

  @ParameterizedTest
  @MethodSource("badIndex")
  void refusesTheIndex(JsonNode vector) {
    IndexCode code =
        vector.get("coding").textValue().equals("RICE")
            ? new IndexCode.Rice(vector.get("riceB").intValue())
            : new IndexCode.GapVarint();
    Reason expected =
        Reason.valueOf(vector.get("reason").textValue().replace(' ', '_').toUpperCase(Locale.ROOT));
    SegmentUpdate update =
        indexOnly(code, vector.get("k").intValue(), hex(vector.get("hex").textValue()));
    assertThat(refusal(update, vector.get("n").intValue())).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("seededMask")
  void drawsTheSubset(JsonNode vector) throws MalformedUpdateException {
    int[] expected = ints(vector.get("indices"));
    int length = vector.get("n").intValue();
    IndexCode.Seeded code =
        new IndexCode.Seeded(vector.get("seed").longValue(), vector.get("p").doubleValue());
    SegmentUpdate update = indexOnly(code, expected.length, Bytes.EMPTY);
    assertThat(decode(update, length).indices()).isEqualTo(expected);
    assertThat(SeededIndexTest.draw(code.seed(), code.p(), length)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("affine")
  void writesAndReadsTheCodes(JsonNode vector) throws MalformedUpdateException {
    AffineValues codec =
        new AffineValues(
            vector.get("bits").intValue(),
            vector.get("lo").floatValue(),
            vector.get("step").floatValue());
    float[] expected = floats(vector.get("decoded"));
    Bytes bytes = hex(vector.get("hex").textValue());
    float[] decoded = new float[expected.length];
    codec.decode(bytes, decoded.length, decoded);
    assertThat(decoded).isEqualTo(expected);
    assertThat(Bytes.of(codec.encode(expected, 0, expected.length))).isEqualTo(bytes);
  }

  /** Sparse ternary compression is the largest elements, and one affine bit for their signs. */
  @ParameterizedTest
  @MethodSource("stc")
  void composesSparseTernaryCompression(JsonNode vector) throws MalformedUpdateException {
    float[] x = floats(vector.get("x"));
    SegmentUpdate update =
        new SegmentEncoder()
            .encode(
                0,
                x,
                0,
                x.length,
                Reference.DELTA,
                Presets.stc(vector.get("k").doubleValue() / x.length),
                0);

    int[] indices = ints(vector.get("indices"));
    float mu = vector.get("mu").floatValue();
    assertThat(update.indexCode()).isEqualTo(new IndexCode.Rice(vector.get("riceB").intValue()));
    assertThat(update.valueCode()).isEqualTo(new ValueCode.Affine(1, -mu, 2 * mu));
    assertThat(update.index()).isEqualTo(hex(vector.get("riceHex").textValue()));
    assertThat(update.values()).isEqualTo(hex(vector.get("signHex").textValue()));
    Updates.Decoded decoded = decode(update, x.length);
    assertThat(decoded.indices()).isEqualTo(indices);
    float[] scattered = new float[x.length];
    for (int i = 0; i < indices.length; i++) {
      scattered[decoded.indices()[i]] = decoded.values()[i];
    }
    assertThat(scattered).isEqualTo(floats(vector.get("decoded")));
  }
}
