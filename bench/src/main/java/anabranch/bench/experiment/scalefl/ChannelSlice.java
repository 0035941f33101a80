// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.client.model.BlockDefinition;
import anabranch.client.model.ModelDefinition;
import anabranch.client.model.TensorDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A narrower network inside a wider one. Both have the same blocks and tensors in the same order;
 * along every axis where they differ, the narrow one has a window of the wide one's channels. Axes
 * of equal length have equal windows, so that what one layer gives the next one takes. A window
 * begins where a group of the normalisation does: as far as it has whole groups, both networks
 * normalise a channel together with the same others.
 */
final class ChannelSlice {

  /** Groups of channels over which the wide network normalises. */
  static final int GROUPS = 4;

  /** Of each block, where each element of the narrow vector lies in the wide one. */
  private final List<int[]> places = new ArrayList<>();

  /**
   * @param wide the network of the federation
   * @param narrow the network of a client
   * @param turn first group of every window, modulo their number; a window goes on at the first
   *     channel behind the last
   */
  ChannelSlice(ModelDefinition wide, ModelDefinition narrow, long turn) {
    int group = (int) (turn % GROUPS);
    for (int block = 0; block < wide.blocks().size(); block++) {
      places.add(places(wide.blocks().get(block), narrow.blocks().get(block), group));
    }
  }

  private static int[] places(BlockDefinition wide, BlockDefinition narrow, int group) {
    List<TensorDefinition> of = wide.tensors();
    List<TensorDefinition> to = narrow.tensors();
    IntStream.Builder places = IntStream.builder();
    int start = 0;
    for (int i = 0; i < of.size(); i++) {
      List<Integer> shape = of.get(i).shape();
      add(places, start, shape, to.get(i).shape(), group);
      start += of.get(i).size();
    }
    return places.build().toArray();
  }

  private static void add(
      IntStream.Builder places, int start, List<Integer> wide, List<Integer> narrow, int group) {
    int[] index = new int[wide.size()];
    int elements = narrow.stream().reduce(1, Math::multiplyExact);
    for (int element = 0; element < elements; element++) {
      int place = 0;
      for (int axis = 0; axis < index.length; axis++) {
        int length = wide.get(axis);
        int first = length == narrow.get(axis) ? 0 : group * length / GROUPS;
        place = place * length + (first + index[axis]) % length;
      }
      places.add(start + place);
      for (int axis = index.length - 1; axis >= 0 && ++index[axis] == narrow.get(axis); axis--) {
        index[axis] = 0;
      }
    }
  }

  /** The narrow network's vector of a block. */
  float[] cut(int block, float[] wide) {
    int[] from = places.get(block);
    float[] narrow = new float[from.length];
    for (int i = 0; i < from.length; i++) {
      narrow[i] = wide[from[i]];
    }
    return narrow;
  }

  /** The wide vector of a block with the narrow network's values in their places. */
  float[] put(int block, float[] wide, float[] narrow) {
    int[] to = places.get(block);
    float[] put = wide.clone();
    for (int i = 0; i < to.length; i++) {
      put[to[i]] = narrow[i];
    }
    return put;
  }
}
