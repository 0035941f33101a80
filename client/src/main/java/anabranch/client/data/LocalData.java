// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What one client has: samples that it trains on, and samples that it only measures with.
 *
 * @param train at least one sample; their number is the client's weight in the mean
 * @param heldOut never trained on, may be empty; of the same shape and classes
 */
public record LocalData(Dataset train, Dataset heldOut) {

  /** Share of a client's samples that {@link #split(Dataset, long)} holds out. */
  public static final double DEFAULT_SHARE = 0.1;

  public LocalData {
    if (train.size() == 0) {
      throw new IllegalArgumentException("there are no samples to train on");
    }
    if (!train.shape().equals(heldOut.shape()) || train.classes() != heldOut.classes()) {
      throw new IllegalArgumentException(
          "held-out samples are %s of %d classes, training samples %s of %d: give both alike"
              .formatted(heldOut.shape(), heldOut.classes(), train.shape(), train.classes()));
    }
  }

  /** All samples are trained on. */
  public static LocalData withoutHeldOut(Dataset samples) {
    return new LocalData(samples, samples.subset(new int[0]));
  }

  /** Holds out {@link #DEFAULT_SHARE} of the samples. */
  public static LocalData split(Dataset samples, long seed) {
    return split(samples, DEFAULT_SHARE, seed);
  }

  /**
   * Holds out a share of the samples, drawn at random; the others keep their order.
   *
   * @param share of the samples to hold out, rounded to whole samples, 0 to below 1; one sample is
   *     left to train on in any case
   * @param seed alone decides which
   * @throws IllegalArgumentException if there are no samples or the share is out of range
   */
  public static LocalData split(Dataset samples, double share, long seed) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException(
          "the share to hold out must be at least 0 and below 1, not " + share);
    }
    int heldOut = (int) Math.min(Math.round(share * samples.size()), samples.size() - 1L);
    if (heldOut <= 0) {
      return withoutHeldOut(samples);
    }
    int[] order = IntStream.range(0, samples.size()).toArray();
    Shuffle.inPlace(order, new SplittableRandom(seed));
    return new LocalData(
        samples.subset(sorted(order, heldOut, order.length)),
        samples.subset(sorted(order, 0, heldOut)));
  }

  private static int[] sorted(int[] order, int from, int to) {
    int[] part = Arrays.copyOfRange(order, from, to);
    Arrays.sort(part);
    return part;
  }
}
