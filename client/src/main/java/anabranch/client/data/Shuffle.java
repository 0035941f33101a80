// SPDX-License-Identifier: Apache-2.0
package anabranch.client.data;

import java.util.SplittableRandom;

/** Random orders that depend on a seed alone. */
public final class Shuffle {

  private Shuffle() {}

  /** Puts the array into an order in which every order is equally likely (Fisher and Yates). */
  public static void inPlace(int[] array, SplittableRandom random) {
    for (int last = array.length - 1; last > 0; last--) {
      int other = random.nextInt(last + 1);
      int moved = array[last];
      array[last] = array[other];
      array[other] = moved;
    }
  }
}
