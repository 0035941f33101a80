// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static anabranch.udf.testkit.UpdateBuilder.answer;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Plan;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.aggregation.MagnitudeBounds;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.message.type.MessageType;
import anabranch.udf.testkit.ControlPlane;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.PolicyBuilder;
import anabranch.udf.testkit.UpdateBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidateUpdatesFunctionTest {

  private static final Plan PLAN =
      ControlPlane.running(PolicyBuilder.policy().build(), "a", "b").plan();

  private OneInputStreamOperatorTestHarness<ConsumedRecord, Header> harness;
  private long offset;

  @BeforeEach
  void open() throws Exception {
    harness = harness(AggregationRule.WEIGHTED_MEAN);
  }

  private static OneInputStreamOperatorTestHarness<ConsumedRecord, Header> harness(
      AggregationRule rule) throws Exception {
    return Harnesses.process(
        new ValidateUpdatesFunction(Models.MANIFEST, new MagnitudeBounds(16, 4), rule, false),
        MessageType.HEADER);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void validRecordGivesItsSegmentsAndOneHeader() throws Exception {
    ClientUpdate update = answer("a", PLAN).samples(12).metrics(Map.of("loss", 0.5)).record();
    byte[] record = Records.encode(update);

    Header.Update header = (Header.Update) send(record);

    assertThat(header)
        .extracting("clientId", "session", "planId", "round", "part", "parts", "samples")
        .containsExactly("a", UpdateBuilder.session("a"), PLAN.planId(), PLAN.round(), 0, 1, 12L);
    assertThat(header.metrics()).isEqualTo(Map.of("loss", 0.5));
    assertThat(header.segments()).containsExactly(0, 1, 2, 3, 4);
    assertThat(header.parameters()).isEqualTo(Reference.DELTA);
    assertThat(header.payloadBytes()).isEqualTo(17 * 4);
    assertThat(header.denseBytes()).isEqualTo(17 * 4);
    assertThat(header.size()).isEqualTo(record.length + 1);
    assertThat(header.prefix()).isEqualTo(new Bytes(record, 0, 64));
    assertThat(segments())
        .containsExactlyElementsOf(
            update.segments().stream().map(s -> new SegmentPayload(header.id(), s)).toList());
  }

  @Test
  void bytesOfASparseUpdateAreThoseOfItsPayload() throws Exception {
    EncodingSettings half =
        new EncodingSettings("half", Reference.DELTA, Index.RICE, Value.F16, 16, 0.5);

    Header.Update header =
        (Header.Update) send(Records.encode(answer("a", PLAN).encoding(half).record()));

    long bytes = segments().stream().mapToLong(SegmentPayload::size).sum();
    assertThat(header.payloadBytes()).isEqualTo(bytes).isLessThan(17 * 4);
    assertThat(header.denseBytes()).isEqualTo(17 * 4);
  }

  @Test
  void metricsOfTheFirstPartAloneCount() throws Exception {
    Header.Update header =
        (Header.Update)
            send(
                Records.encode(
                    answer("a", PLAN).part(1, 2, 3, 4).metrics(Map.of("loss", 1.0)).record()));

    assertThat(header.metrics()).isEmpty();
    assertThat(header.segments()).containsExactly(3, 4);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal("SEGMENT", s -> changed(s, 5, s.reference(), s.values())),
        refusal("SEGMENT", s -> changed(s, -1, s.reference(), s.values())),
        refusal("SEGMENT", s -> changed(s, 2, s.reference(), s.values())),
        refusal("REFERENCE", s -> changed(s, 0, Reference.WEIGHTS, s.values())),
        refusal("TRANSFORM", s -> s.of(new TransformCode.Rotated(7))),
        refusal("TRANSFORM", s -> buffer(s).of(new TransformCode.Rotated(7))),
        refusal("LENGTH", s -> changed(s, 0, s.reference(), new float[5])),
        refusal("MAGNITUDE", s -> changed(s, 0, s.reference(), filled(6, Float.NaN))),
        refusal("MAGNITUDE", s -> changed(s, 0, s.reference(), filled(6, 65_537))),
        refusal(
            "REFERENCE",
            s ->
                new SegmentUpdate(
                    1,
                    Reference.DELTA,
                    2,
                    s.indexCode(),
                    s.index(),
                    s.valueCode(),
                    Bytes.of(new byte[8]))));
  }

  private static SegmentUpdate buffer(SegmentUpdate any) {
    return changed(any, 1, Reference.WEIGHTS, new float[2]);
  }

  @Test
  void updateOfCoefficientsIsCheckedAgainstTheirNumber() throws Exception {
    TransformCode code = new TransformCode.LowRankFactor(5, 2);
    SegmentUpdate factor =
        new SegmentUpdate(
            0,
            Reference.DELTA,
            4,
            new IndexCode.Dense(),
            Bytes.EMPTY,
            new ValueCode.F32(),
            Bytes.of(new byte[16]));
    ClientUpdate update = with(answer("a", PLAN).record(), List.of(factor.of(code)));

    Header.Update header = (Header.Update) send(Records.encode(update));
    assertThat(header.transform()).isEqualTo(code);
    assertThat(header.payloadBytes()).isEqualTo(2 * 2 * 4);
    assertThat(header.denseBytes()).isEqualTo(6 * 4);

    SegmentUpdate shorter = factor.of(new TransformCode.LowRankFactor(5, 1));
    Header.Unusable refused =
        (Header.Unusable) send(Records.encode(with(update, List.of(shorter))));
    assertThat(refused.reason()).isEqualTo("COUNT");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void rankBelowOneIsRefused(int rank) throws Exception {
    SegmentUpdate factor = segment(answer("a", PLAN)).of(new TransformCode.LowRankFactor(5, rank));
    ClientUpdate update = with(answer("a", PLAN).record(), List.of(factor));

    assertThat(((Header.Unusable) send(Records.encode(update))).reason()).isEqualTo("PARAMETER");
  }

  @Test
  void hugeRankMeansThatEveryElementIsSentAsItIs() throws Exception {
    SegmentUpdate factor =
        segment(answer("a", PLAN)).of(new TransformCode.LowRankFactor(5, Integer.MAX_VALUE));
    ClientUpdate update = with(answer("a", PLAN).record(), List.of(factor));

    assertThat(((Header.Update) send(Records.encode(update))).segments()).containsExactly(0);
  }

  private static SegmentUpdate segment(UpdateBuilder update) {
    return update.record().segments().get(0);
  }

  private static Arguments refusal(String reason, UnaryOperator<SegmentUpdate> change) {
    return Arguments.of(reason, change);
  }

  private static SegmentUpdate changed(
      SegmentUpdate from, int segment, Reference reference, Bytes values) {
    return new SegmentUpdate(
        segment, reference, from.count(), from.indexCode(), from.index(), from.valueCode(), values);
  }

  private static SegmentUpdate changed(
      SegmentUpdate from, int segment, Reference reference, float[] values) {
    return changed(from, segment, reference, Bytes.of(Models.bytes(values)));
  }

  private static float[] filled(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }

  /** The first segment is changed, so that sound ones follow: none of them may be sent on. */
  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("refusals")
  void recordWithOneBadSegmentIsRefusedWhole(String reason, UnaryOperator<SegmentUpdate> change)
      throws Exception {
    ClientUpdate sound = answer("a", PLAN).part(0, 2, 2, 0, 3).record();
    List<SegmentUpdate> segments = new ArrayList<>(sound.segments());
    segments.set(1, change.apply(segments.get(1)));

    Header.Unusable header = (Header.Unusable) send(Records.encode(with(sound, segments)));

    assertThat(header.reason()).isEqualTo(reason);
    assertThat(header.clientId()).isEqualTo("a");
    assertThat(header.planId()).isEqualTo(PLAN.planId());
    assertThat(segments()).isEmpty();
  }

  @Test
  void boundOfBuffersIsTheirOwn() throws Exception {
    byte[] record = Records.encode(answer("a", PLAN).value((segment, i) -> 17).record());

    Header.Unusable header = (Header.Unusable) send(record);

    assertThat(header.reason()).isEqualTo("MAGNITUDE");
    assertThat(header.detail()).startsWith("segment 1:").contains("beyond 2^4");
  }

  @Test
  void someWeightsAloneNeedTheCoordinateCountMean() throws Exception {
    EncodingSettings half =
        new EncodingSettings("half", Reference.WEIGHTS, Index.RICE, Value.F32, 32, 0.5);
    byte[] record = Records.encode(answer("a", PLAN).weights(true).encoding(half).record());

    assertThat(((Header.Unusable) send(record)).reason()).isEqualTo("REFERENCE");
    harness.close();
    harness = harness(AggregationRule.COORDINATE_COUNT_MEAN);
    assertThat(((Header.Update) send(record)).parameters()).isEqualTo(Reference.WEIGHTS);
  }

  @Test
  void tombstoneIsUnreadable() throws Exception {
    Header.Unusable header = (Header.Unusable) send(null);

    assertThat(header.reason()).isEqualTo("UNREADABLE");
    assertThat(header.prefix()).isEqualTo(Bytes.EMPTY);
  }

  /**
   * Every length, every single bit, and noise: one header each, and segments of valid ones only.
   */
  @Test
  void everyRecordGivesExactlyOneHeaderWhateverItHolds() throws Exception {
    EncodingSettings half =
        new EncodingSettings("half", Reference.DELTA, Index.RICE, Value.AFFINE, 3, 0.5);
    byte[] sound = Records.encode(answer("a", PLAN).encoding(half).record());
    Random random = new Random(1);
    int refused = 0;
    for (int length = 0; length < sound.length; length++) {
      refused += isRefused(send(Arrays.copyOf(sound, length)));
    }
    assertThat(refused).isEqualTo(sound.length);
    for (int bit = 0; bit < 8 * sound.length; bit++) {
      byte[] flipped = sound.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      refused += isRefused(send(flipped));
    }
    assertThat(refused).isLessThan(9 * sound.length);
    for (int i = 0; i < 2000; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      System.arraycopy(sound, 0, noise, 0, Math.min(noise.length, random.nextInt(40)));
      send(noise);
    }
  }

  private int isRefused(Header header) {
    List<SegmentPayload> segments = segments();
    if (header instanceof Header.Update update) {
      assertThat(segments).hasSize(update.segments().length);
      assertThat(segments).allMatch(payload -> payload.id().equals(update.id()));
      assertThat(IntStream.of(update.segments()).boxed().toList()).isSorted();
      return 0;
    }
    assertThat(header).isInstanceOf(Header.Unusable.class);
    assertThat(segments).isEmpty();
    return 1;
  }

  /** Sends a record and returns the one header that came of it. */
  private Header send(byte[] value) throws Exception {
    harness.getOutput().clear();
    if (harness.getSideOutput(ValidateUpdatesFunction.SEGMENTS) != null) {
      harness.getSideOutput(ValidateUpdatesFunction.SEGMENTS).clear();
    }
    ConsumedRecord record = new ConsumedRecord(UpdateBuilder.id(offset++), new byte[] {'a'}, value);
    harness.processElement(record, 0);
    List<Header> headers = harness.extractOutputValues();
    assertThat(headers).hasSize(1);
    assertThat(headers.get(0).id()).isEqualTo(record.id());
    return headers.get(0);
  }

  private List<SegmentPayload> segments() {
    var output = harness.getSideOutput(ValidateUpdatesFunction.SEGMENTS);
    return output == null ? List.of() : output.stream().map(StreamRecord::getValue).toList();
  }

  private static ClientUpdate with(ClientUpdate from, List<SegmentUpdate> segments) {
    return new ClientUpdate(
        from.clientId(),
        from.session(),
        from.planId(),
        from.round(),
        from.part(),
        from.parts(),
        from.samples(),
        from.metrics(),
        segments,
        null,
        null);
  }
}
