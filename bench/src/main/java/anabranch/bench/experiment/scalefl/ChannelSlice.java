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
 * of equal length have equal windows, so that what one layer gives the next one takes.
 */
final class ChannelSlice {

  /** Groups of channels over which the wide network normalises. */
  static final int GROUPS = 4;

  /** Of each block, where each element of the narrow vector lies in the wide one. */
  private final List<int[]> places = new ArrayList<>();

  /**
   * @param wide the network of the federation
   * @param narrow the network of a client
   * @param roll first channel of every window, which goes on at the first behind the last
   */
  ChannelSlice(ModelDefinition wide, ModelDefinition narrow, long roll) {
    for (int block = 0; block < wide.blocks().size(); block++) {
      places.add(places(wide.blocks().get(block), narrow.blocks().get(block), roll));
    }
  }

  private static int[] places(BlockDefinition wide, BlockDefinition narrow, long roll) {
    List<TensorDefinition> of = wide.tensors();
    List<TensorDefinition> to = narrow.tensors();
    IntStream.Builder places = IntStream.builder();
    int start = 0;
    for (int i = 0; i < of.size(); i++) {
      List<Integer> shape = of.get(i).shape();
      add(places, start, shape, to.get(i).shape(), roll);
      start += of.get(i).size();
    }
    return places.build().toArray();
  }

  private static void add(
      IntStream.Builder places, int start, List<Integer> wide, List<Integer> narrow, long roll) {
    int[] index = new int[wide.size()];
    int elements = narrow.stream().reduce(1, Math::multiplyExact);
    for (int element = 0; element < elements; element++) {
      int place = 0;
      for (int axis = 0; axis < index.length; axis++) {
        int length = wide.get(axis);
        int channel =
            length == narrow.get(axis) ? index[axis] : (int) ((roll + index[axis]) % length);
        place = place * length + channel;
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
