// SPDX-License-Identifier: Apache-2.0
package anabranch.fuzz;

import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentTransform;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.aggregation.FixedPointGrid;
import anabranch.udf.aggregation.MagnitudeBounds;
import anabranch.udf.aggregation.SegmentSum;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.operator.ValidateUpdatesFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** A record's way through the job: the operator that validates it, then the sums it is added to. */
final class Envelope {

  /**
   * Two matrices among vectors; the last segment is of buffers. None is long, since a fuzzer lives
   * of short inputs.
   */
  static final ModelManifest MANIFEST =
      manifest(List.of(16), List.of(8, 16), List.of(8), List.of(20, 50), List.of(4));

  private static final MagnitudeBounds BOUNDS = new MagnitudeBounds(16, 4);
  private static final FixedPointGrid GRID = FixedPointGrid.of(16, 600, 100);
  private static final RecordId ID = new RecordId(RecordId.Source.UPDATES, 0, 1);

  /** What an error message and the objects of a small record take. */
  private static final long FIXED_ALLOCATION = 32 << 10;

  /** A segment or a metric takes 730 bytes, and up to 2,650 with the fuzzer's instrumentation. */
  private static final long ALLOCATION_PER_ITEM = 4096;

  private static final int MOST_METRICS = 64;

  /** Strings are copied. */
  private static final long ALLOCATION_PER_BYTE = 8;

  private final ValidateUpdatesFunction validate;
  private final Recorder recorder;
  private final SegmentSum[] sums;
  private final SegmentSum[] before;
  private final DecodedSegment decoded = new DecodedSegment();

  Envelope(AggregationRule rule) {
    validate = new ValidateUpdatesFunction(MANIFEST, BOUNDS, rule, true);
    validate.open(null);
    recorder = new Recorder(validate);
    sums = zeros(rule);
    before = zeros(rule);
  }

  @SafeVarargs
  private static ModelManifest manifest(List<Integer>... shapes) {
    List<BlockShape> blocks =
        IntStream.range(0, shapes.length)
            .mapToObj(
                i ->
                    new BlockShape(
                        "block" + i,
                        List.of(
                            new TensorShape(
                                "tensor" + i,
                                shapes[i],
                                i == shapes.length - 1 ? Role.BUFFER : Role.PARAMETER))))
            .toList();
    return Segmenter.manifest("fuzzed", Map.of(), 4, blocks);
  }

  /** How many values a segment has under a transform that there is. */
  static int coefficients(TransformCode transform, Segment segment) {
    return SegmentTransform.of(transform, MANIFEST, segment).coefficients();
  }

  private static SegmentSum[] zeros(AggregationRule rule) {
    return MANIFEST.segments().stream()
        .map(segment -> SegmentSum.zero(rule, segment.length()))
        .toArray(SegmentSum[]::new);
  }

  /** Takes a record as the job takes it, and checks all that must hold whatever is in it. */
  void receive(byte[] value) throws Exception {
    ConsumedRecord record = new ConsumedRecord(ID, new byte[] {'a'}, value);
    AllocationLimit.demand(allocationLimit(value), () -> recorder.process(record));

    demand(recorder.headers.size() == 1, "there is not one header");
    Header header = recorder.headers.get(0);
    demand(header.id().equals(ID), "the header is another record's");
    for (int i = 0; i < sums.length; i++) {
      System.arraycopy(sums[i].units(), 0, before[i].units(), 0, before[i].units().length);
    }
    fold();
    if (header instanceof Header.Update update) {
      demandWhole(update);
      return;
    }
    Reason.valueOf(((Header.Unusable) header).reason());
    demand(recorder.payloads.isEmpty(), "a refused record has left segments");
    for (int i = 0; i < sums.length; i++) {
      demand(Arrays.equals(sums[i].units(), before[i].units()), "a sum was touched");
    }
  }

  private static long allocationLimit(byte[] value) {
    return FIXED_ALLOCATION
        + ALLOCATION_PER_ITEM * (MOST_METRICS + MANIFEST.segments().size())
        + ALLOCATION_PER_BYTE * value.length;
  }

  private void demandWhole(Header.Update update) {
    int[] segments =
        recorder.payloads.stream().mapToInt(p -> p.update().segment()).sorted().toArray();
    demand(Arrays.equals(segments, update.segments()), "header and segments differ");
    demand(segments.length == Arrays.stream(segments).distinct().count(), "a segment came twice");
    long bytes = recorder.payloads.stream().mapToLong(SegmentPayload::size).sum();
    demand(bytes == update.payloadBytes(), "the bytes are miscounted");
  }

  /** Adds what was sent on, whatever the header says, as the aggregator does. */
  private void fold() throws MalformedUpdateException {
    for (SegmentPayload payload : recorder.payloads) {
      Segment segment = MANIFEST.segments().get(payload.update().segment());
      int coefficients = coefficients(payload.update().transform(), segment);
      SegmentDecoder.decodeChecked(payload.update(), coefficients, decoded);
      demand(decoded.count() <= coefficients, "there are more values than coefficients");
      double bound = Math.scalb(1.0, BOUNDS.maxExponent(segment.role()));
      for (int i = 0; i < decoded.count(); i++) {
        demand(Math.abs(decoded.values()[i]) <= bound, "a value beyond the bound was admitted");
      }
      sums[segment.index()].add(decoded, 600, GRID);
    }
  }

  private static void demand(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** The operator's surroundings: keeps what it sends. */
  private static final class Recorder implements Collector<Header> {

    private final ValidateUpdatesFunction validate;
    private final ProcessFunction<ConsumedRecord, Header>.Context context;
    final List<Header> headers = new ArrayList<>();
    final List<SegmentPayload> payloads = new ArrayList<>();

    Recorder(ValidateUpdatesFunction validate) {
      this.validate = validate;
      context =
          validate.new Context() {
            @Override
            public Long timestamp() {
              return null;
            }

            @Override
            public TimerService timerService() {
              throw new UnsupportedOperationException("validation has no timers");
            }

            @Override
            public <X> void output(OutputTag<X> tag, X value) {
              payloads.add((SegmentPayload) value);
            }
          };
    }

    void process(ConsumedRecord record) {
      headers.clear();
      payloads.clear();
      validate.processElement(record, context, this);
    }

    @Override
    public void collect(Header header) {
      headers.add(header);
    }

    @Override
    public void close() {}
  }
}
