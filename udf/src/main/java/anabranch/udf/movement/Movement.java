// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.movement;

/**
 * How far values moved over some versions, as sums of absolute values.
 *
 * @param net from the first of these versions to the last
 * @param path from each version to the next, all together; at least {@code net}, but for rounding
 * @param steps versions after the first
 */
public record Movement(double net, double path, int steps) {

  /** Nothing was measured. */
  public static final Movement NONE = new Movement(0, 0, 0);

  /** Of both samples together. */
  public Movement plus(Movement other) {
    return new Movement(net + other.net, path + other.path, Math.min(steps, other.steps));
  }

  /** 1 is a steady drift, 0 is going to and fro, or standing still. */
  public double effective() {
    return path == 0 ? 0 : net / path;
  }
}
