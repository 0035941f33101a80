// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.model.Architecture;
import anabranch.client.model.BlockDefinition;
import anabranch.client.model.ModelDefinition;
import anabranch.client.model.TensorDefinition;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChannelSliceTest {

  private static final ModelDefinition WIDE = resnet("8,16,32,64", 4);
  private static final ModelDefinition HALF = resnet("4,8,16,32", 4);

  @Test
  void leadingChannelsOfEveryAxisAreCut() {
    ChannelSlice slice = new ChannelSlice(WIDE, HALF, 0);
    List<TensorDefinition> tensors = WIDE.blocks().get(1).tensors();
    TensorDefinition first = tensors.get(0);
    assertThat(first.shape()).as(first.name()).containsExactly(16, 8, 1, 1);

    float[] cut = slice.cut(1, numbered(WIDE.blocks().get(1)));

    // Output channel o of input channel i lies at 8·o + i of the wide tensor, 4·o + i of the other.
    for (int out = 0; out < 8; out++) {
      for (int in = 0; in < 4; in++) {
        assertThat(cut[4 * out + in]).isEqualTo(8 * out + in);
      }
    }
  }

  @Test
  void windowGoesOnAtTheFirstChannelBehindTheLast() {
    ChannelSlice slice = new ChannelSlice(WIDE, HALF, 14);

    float[] cut = slice.cut(1, numbered(WIDE.blocks().get(1)));

    // Of 16 outputs those from 14, so 14, 15, 0, …; of 8 inputs those from 14 mod 8.
    assertThat(cut[0]).isEqualTo(8 * 14 + 6);
    assertThat(cut[4 * 2 + 2]).isEqualTo(0);
  }

  @Test
  void whatIsPutBackStandsWhereItWasCutAndNothingElseChanges() {
    ChannelSlice slice = new ChannelSlice(WIDE, HALF, 3);
    for (int block = 0; block < WIDE.blocks().size(); block++) {
      float[] wide = numbered(WIDE.blocks().get(block));
      float[] negative = slice.cut(block, wide);
      Set<Float> cut = new HashSet<>();
      for (int i = 0; i < negative.length; i++) {
        cut.add(negative[i]);
        negative[i] = -1 - negative[i];
      }

      float[] put = slice.put(block, wide, negative);

      assertThat(cut).hasSize(negative.length);
      for (int i = 0; i < wide.length; i++) {
        assertThat(put[i]).isEqualTo(cut.contains(wide[i]) ? -1 - wide[i] : wide[i]);
      }
    }
  }

  @Test
  void rollingWindowsReachEveryChannel() {
    int block = WIDE.blocks().size() - 1;
    float[] reached = new float[WIDE.blocks().get(block).size()];
    float[] ones = new float[HALF.blocks().get(block).size()];
    Arrays.fill(ones, 1);

    for (int round = 0; round < 64; round++) {
      reached = new ChannelSlice(WIDE, HALF, round).put(block, reached, ones);
    }

    assertThat(reached).containsOnly(1);
  }

  private static float[] numbered(BlockDefinition block) {
    float[] numbered = new float[block.size()];
    for (int i = 0; i < numbered.length; i++) {
      numbered[i] = i;
    }
    return numbered;
  }

  private static ModelDefinition resnet(String widths, int groups) {
    return Architecture.RESNET.define(Map.of("widths", widths, "groups", Integer.toString(groups)));
  }
}
