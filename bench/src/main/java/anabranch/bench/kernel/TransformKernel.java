// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

import anabranch.protocol.codec.SegmentTransform;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segmenter;
import anabranch.protocol.model.Segmenter.BlockShape;
import anabranch.protocol.model.Segmenter.TensorShape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Coefficients of a segment, as a client computes them, and elements from the mean of coefficients,
 * as the job does once a round; a segment in turn, a matrix with rows of 1,024.
 */
@State(Scope.Thread)
public class TransformKernel {

  private static final int ROW = 1024;
  private static final long SEED = 5;
  private static final int RANK = 8;

  private static final ModelManifest MANIFEST =
      Segmenter.manifest(
          "matrix",
          Map.of(),
          4,
          List.of(
              new BlockShape(
                  "block",
                  List.of(
                      new TensorShape(
                          "weight", List.of(Encoding.LENGTH / ROW, ROW), Role.PARAMETER)))));

  @Param({"rotation", "low-rank 8"})
  public String transform;

  private final float[][] values = new float[Encoding.SEGMENTS][];
  private final double[][] means = new double[Encoding.SEGMENTS][Encoding.LENGTH];
  private final float[] coefficients = new float[Encoding.LENGTH];
  private final double[] elements = new double[Encoding.LENGTH];
  private SegmentTransform chosen;
  private int next;

  @Setup
  public void prepare() {
    TransformCode code =
        transform.equals("rotation")
            ? new TransformCode.Rotated(SEED)
            : new TransformCode.LowRankFactor(SEED, RANK);
    chosen = SegmentTransform.of(code, MANIFEST, MANIFEST.segments().get(0));
    float[] parameters = Encoding.parameters();
    for (int segment = 0; segment < Encoding.SEGMENTS; segment++) {
      int from = segment * Encoding.LENGTH;
      values[segment] = Arrays.copyOfRange(parameters, from, from + Encoding.LENGTH);
      for (int i = 0; i < Encoding.LENGTH; i++) {
        means[segment][i] = values[segment][i];
      }
    }
  }

  @Benchmark
  public float[] forward() {
    next = (next + 1) % Encoding.SEGMENTS;
    chosen.forward(values[next], coefficients);
    return coefficients;
  }

  @Benchmark
  public double[] inverse() {
    next = (next + 1) % Encoding.SEGMENTS;
    chosen.inverse(means[next], elements);
    return elements;
  }
}
