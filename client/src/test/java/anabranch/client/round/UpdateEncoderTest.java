// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import anabranch.client.TestRound;
import anabranch.client.state.ClientState;
import anabranch.client.state.Residuals;
import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.EncodingAxes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Transform;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  static Stream<EncodingSettings> encodings() {
    return Stream.of(
        EncodingSettings.DENSE_F32,
        new EncodingAxes("rotated").transform(Transform.ROTATION, 0).build(),
        new EncodingAxes("low-rank").transform(Transform.LOW_RANK, 16).build(),
        new EncodingAxes("low-rank, feedback")
            .transform(Transform.LOW_RANK, 16)
            .errorFeedback(true)
            .build(),
        new EncodingAxes("top-k, feedback")
            .index(Index.SMALLEST, 0.01)
            .errorFeedback(true)
            .build());
  }

  /** A matrix of 524,288 elements in four segments. */
  @ParameterizedTest
  @MethodSource("encodings")
  void laterRoundsOfAClientTakeNoMemoryBesideWhatComesOfThem(EncodingSettings encoding) {
    ModelManifest manifest = manifest(new TensorShape("w", List.of(512, 1024), Role.PARAMETER));
    assertThat(manifest.segments()).hasSize(4);
    float[] received = new float[512 * 1024];
    float[] trained = randomFloats(received.length);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    try (ClientState state = ClientState.inMemory("demo", "ann")) {
      for (int round = 1; round <= 4; round++) {
        Plan plan = TestRound.plan(round, List.of(0), encoding);
        Residuals residuals = state.residuals(TestRound.opening(plan, "model", 1, 0));
        long before = threads.getCurrentThreadAllocatedBytes();
        List<SegmentUpdate> update =
            new UpdateEncoder("ann", plan, manifest)
                .encode(Map.of(0, received), Map.of(0, trained), residuals);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        long payload =
            update.stream().mapToLong(u -> u.index().length() + u.values().length()).sum();
        least = Math.min(least, allocated - payload);
      }
    }

    // The random factor of a round's low-rank transform and its inverse, once for all segments.
    long factor = encoding.rank() * 1024L * (Float.BYTES + Double.BYTES);
    long residual = encoding.errorFeedback() ? (long) Float.BYTES * received.length : 0;
    assertThat(least - factor - residual).isLessThan(20_000);
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void whatWasEncodedBeforeMakesNoDifference(EncodingSettings encoding) {
    List<SegmentUpdate> once = encodeRows(30, encoding);
    List<SegmentUpdate> others = encodeRows(512, encoding);

    assertThat(encodeRows(30, encoding)).isEqualTo(once).isNotEqualTo(others);
  }

  private static List<SegmentUpdate> encodeRows(int rows, EncodingSettings encoding) {
    ModelManifest manifest =
        manifest(
            new TensorShape("w", List.of(rows, 1024), Role.PARAMETER),
            new TensorShape("v", List.of(rows, 40), Role.PARAMETER));
    return encode(manifest, encoding, new float[rows * 1064], randomFloats(rows * 1064));
  }

  private static float[] randomFloats(int length) {
    SplittableRandom random = new SplittableRandom(3);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
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
