// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.aggregation.FixedPointGrid;
import anabranch.udf.aggregation.SegmentSum;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Decoding alone, and followed by the sum, as an aggregator does both; a segment in turn. */
@State(Scope.Thread)
public class DecodeKernel {

  private static final int MAX_EXPONENT = 16;
  private static final int WEIGHT = 600;
  private static final FixedPointGrid GRID = FixedPointGrid.of(MAX_EXPONENT, WEIGHT, 100);

  @Param("dense/f32")
  public String encoding;

  private final DecodedSegment decoded = new DecodedSegment();
  private SegmentUpdate[] updates;
  private SegmentSum[] sums;
  private int next;

  @Setup
  public void encode() {
    updates = Encoding.named(encoding).encodeAll();
    sums = new SegmentSum[updates.length];
    for (int segment = 0; segment < sums.length; segment++) {
      sums[segment] = SegmentSum.zero(AggregationRule.WEIGHTED_MEAN, Encoding.LENGTH);
    }
  }

  @Benchmark
  public DecodedSegment decode() throws MalformedUpdateException {
    next = (next + 1) % updates.length;
    SegmentDecoder.decode(updates[next], Encoding.LENGTH, MAX_EXPONENT, decoded);
    return decoded;
  }

  @Benchmark
  public SegmentSum decodeAndFold() throws MalformedUpdateException {
    decode();
    sums[next].add(decoded, WEIGHT, GRID);
    return sums[next];
  }
}
