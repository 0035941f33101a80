// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Encoding as a client does it, the choice of the largest values included; a segment in turn. */
@State(Scope.Thread)
public class EncodeKernel {

  @Param("dense/f32")
  public String encoding;

  private final float[] parameters = Encoding.parameters();
  private final SegmentEncoder encoder = new SegmentEncoder();
  private Encoding chosen;
  private int next;

  @Setup
  public void choose() {
    chosen = Encoding.named(encoding);
  }

  @Benchmark
  public SegmentUpdate encode() {
    next = (next + 1) % Encoding.SEGMENTS;
    return chosen.encode(encoder, next, parameters);
  }
}
