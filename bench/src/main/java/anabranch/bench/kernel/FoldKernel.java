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

/** The sum alone, of segments that are decoded already; a segment in turn. */
@State(Scope.Thread)
public class FoldKernel {

  private static final int MAX_EXPONENT = 16;
  private static final int WEIGHT = 600;
  private static final FixedPointGrid GRID = FixedPointGrid.of(MAX_EXPONENT, WEIGHT, 100);

  /** The value code makes no difference once it is decoded. */
  @Param({"dense/f32", "rice-10%/f32", "rice-1%/f32"})
  public String encoding;

  @Param({"WEIGHTED_MEAN", "COORDINATE_COUNT_MEAN"})
  public AggregationRule rule;

  private DecodedSegment[] decoded;
  private SegmentSum[] sums;
  private int next;

  @Setup
  public void decode() throws MalformedUpdateException {
    SegmentUpdate[] updates = Encoding.named(encoding).encodeAll();
    decoded = new DecodedSegment[updates.length];
    sums = new SegmentSum[updates.length];
    for (int segment = 0; segment < updates.length; segment++) {
      decoded[segment] = new DecodedSegment();
      SegmentDecoder.decode(updates[segment], Encoding.LENGTH, MAX_EXPONENT, decoded[segment]);
      sums[segment] = SegmentSum.zero(rule, Encoding.LENGTH);
    }
  }

  @Benchmark
  public SegmentSum fold() {
    next = (next + 1) % sums.length;
    sums[next].add(decoded[next], WEIGHT, GRID);
    return sums[next];
  }
}
