// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentTransform;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.codec.ValueCode;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.message.Order;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.UpdateBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rounds whose updates are coefficients, for segment 0: a matrix of 2 x 3. */
class TransformedRoundTest {

  private static final int SEGMENT = 0;
  private static final int Q = -30;
  private static final float[][] CHANGES = {
    {0.5f, -0.25f, 0.125f, 1, 0, -1}, {-0.5f, 0.75f, 0.25f, 0.0625f, 2, 0.5f},
  };
  private static final long[] WEIGHTS = {10, 30};

  static Stream<TransformCode> transforms() {
    return Stream.of(
        new TransformCode.Rotated(42),
        new TransformCode.LowRankFactor(9, 2),
        new TransformCode.LowRankFactor(9, 3));
  }

  @ParameterizedTest
  @MethodSource("transforms")
  void meanOfCoefficientsIsTurnedBackAtTheClose(TransformCode code) throws Exception {
    float[] published = close(code, List.of(0, 1));

    double[] mean = new double[6];
    for (int client = 0; client < 2; client++) {
      double[] values = sent(code, CHANGES[client]);
      for (int i = 0; i < 6; i++) {
        mean[i] += values[i] * WEIGHTS[client] / 40;
      }
    }
    float[] before = Models.values(SEGMENT, 0);
    for (int i = 0; i < 6; i++) {
      assertThat(published[i]).isCloseTo((float) (before[i] + mean[i]), within(1e-6f));
    }
  }

  @ParameterizedTest
  @MethodSource("transforms")
  void orderOfArrivalChangesNoBit(TransformCode code) throws Exception {
    assertThat(close(code, List.of(1, 0))).isEqualTo(close(code, List.of(0, 1)));
  }

  private static float[] close(TransformCode code, List<Integer> arrival) throws Exception {
    try (AggregateStage stage = new AggregateStage(HashMapStateBackend::new, 0)) {
      long order = 0;
      SegmentPayload model = Models.payload(SEGMENT, 0, 0);
      stage.payload(model);
      stage.order(new Order.Load(SEGMENT, order++, model.id(), 0));
      for (int client : arrival) {
        RecordId id = UpdateBuilder.id(client + 1);
        stage.payload(new SegmentPayload(id, update(code, CHANGES[client])));
        stage.order(
            new Order.Fold(
                SEGMENT, order++, id, WEIGHTS[client], Q, AggregationRule.WEIGHTED_MEAN));
      }
      stage.order(new Order.Close(SEGMENT, order, 1, 1, Q, Reference.DELTA, code, 1, 99));
      return Models.floats(Records.decodeModelSegment(stage.published.get(0).value()).values());
    }
  }

  private static SegmentTransform transform(TransformCode code) {
    return SegmentTransform.of(code, Models.MANIFEST, Models.MANIFEST.segments().get(SEGMENT));
  }

  private static SegmentUpdate update(TransformCode code, float[] change) {
    float[] coefficients = new float[transform(code).coefficients()];
    transform(code).forward(change, coefficients);
    return new SegmentUpdate(
            SEGMENT,
            Reference.DELTA,
            coefficients.length,
            new IndexCode.Dense(),
            Bytes.EMPTY,
            new ValueCode.F32(),
            Bytes.of(Models.bytes(coefficients)))
        .of(code);
  }

  /** What an update stands for. */
  private static double[] sent(TransformCode code, float[] change) {
    float[] coefficients = Models.floats(update(code, change).values());
    double[] doubles = new double[coefficients.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = coefficients[i];
    }
    double[] values = new double[6];
    transform(code).inverse(doubles, values);
    return values;
  }
}
