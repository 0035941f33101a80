// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.movement;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a sample of a segment's values was in its newest versions.
 *
 * @param seed of the sample
 * @param versions its values, oldest first, at least one; arrays are not copied and never changed
 * @param paths Σ|Δ| from each of these versions to the next
 */
public record MovementTrace(long seed, List<float[]> versions, List<Double> paths) {

  public MovementTrace {
    versions = List.copyOf(versions);
    paths = List.copyOf(paths);
  }

  /** The trace of a sample that begins where it is. */
  public static MovementTrace begin(long seed, float[] values) {
    return new MovementTrace(seed, List.of(values), List.of());
  }

  /** Whether it is of this sample. */
  public boolean isOf(long sampleSeed, int size) {
    return seed == sampleSeed && versions.get(0).length == size;
  }

  /**
   * The trace with another version.
   *
   * @param values of the sample
   * @param window steps that are kept, at least 1
   */
  public MovementTrace after(float[] values, int window) {
    List<float[]> nextVersions = new ArrayList<>(versions);
    List<Double> nextPaths = new ArrayList<>(paths);
    nextPaths.add(distance(values, versions.get(versions.size() - 1)));
    nextVersions.add(values);
    int surplus = Math.max(0, nextPaths.size() - window);
    return new MovementTrace(
        seed,
        nextVersions.subList(surplus, nextVersions.size()),
        nextPaths.subList(surplus, nextPaths.size()));
  }

  /** The movement over all that is kept. */
  public Movement movement() {
    return new Movement(
        distance(versions.get(versions.size() - 1), versions.get(0)),
        paths.stream().mapToDouble(Double::doubleValue).reduce(0, Double::sum),
        paths.size());
  }

  /** In index order. */
  private static double distance(float[] values, float[] from) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += Math.abs((double) values[i] - from[i]);
    }
    return sum;
  }
}
