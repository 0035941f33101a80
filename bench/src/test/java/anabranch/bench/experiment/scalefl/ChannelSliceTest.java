// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.client.data.Dataset;
import anabranch.client.data.FashionMnist;
import anabranch.client.model.Architecture;
import anabranch.client.model.BlockDefinition;
import anabranch.client.model.ModelDefinition;
import anabranch.client.model.TensorDefinition;
import anabranch.client.train.Evaluation;
import anabranch.client.train.torch.TorchEvaluator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelSliceTest {

  private static final ModelDefinition WIDE = resnet("8,16,32,64", 4);
  private static final ModelDefinition HALF = resnet("4,8,16,32", 2);

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
  void windowBeginsAtAGroupAndGoesOnAtTheFirstChannelBehindTheLast() {
    // The 16 outputs have groups of 4, the 8 inputs groups of 2; the seventh turn is the third.
    for (int turn : new int[] {3, 7}) {
      float[] cut = new ChannelSlice(WIDE, HALF, turn).cut(1, numbered(WIDE.blocks().get(1)));

      // Outputs 12 to 15, 0, …; inputs 6, 7, 0, 1.
      assertThat(cut[0]).isEqualTo(8 * 12 + 6);
      assertThat(cut[4 * 4 + 2]).isEqualTo(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "6,12,24,48; 3; 0",
        "6,12,24,48; 3; 2",
        "4,8,16,32; 2; 0",
        "4,8,16,32; 2; 3",
        "2,4,8,16; 1; 0",
        "2,4,8,16; 1; 1"
      })
  void sliceOfWholeGroupsComputesWhatTheWideNetworkDoesWhereTheOtherChannelsAreSilent(
      String widths, int groups, int turn) {
    ModelDefinition narrow = resnet(widths, groups);
    ChannelSlice slice = new ChannelSlice(WIDE, narrow, turn);
    List<float[]> own = narrow.initialWeights(1);
    List<float[]> whole = new ArrayList<>();
    for (int block = 0; block < own.size(); block++) {
      whole.add(slice.put(block, new float[WIDE.blocks().get(block).size()], own.get(block)));
    }

    Evaluation ofSlice = evaluate(narrow, own);
    Evaluation ofWhole = evaluate(WIDE, whole);

    assertThat(ofSlice.loss()).isNotCloseTo(Math.log(WIDE.classes()), within(1e-3));
    assertThat(ofWhole.loss()).isCloseTo(ofSlice.loss(), within(1e-5));
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

    for (int round = 0; round < ChannelSlice.GROUPS; round++) {
      reached = new ChannelSlice(WIDE, HALF, round).put(block, reached, ones);
    }

    assertThat(reached).containsOnly(1);
  }

  private static Evaluation evaluate(ModelDefinition network, List<float[]> weights) {
    Dataset images = FashionMnist.shipped().train().subset(IntStream.range(0, 64).toArray());
    Map<Integer, float[]> byBlock = new HashMap<>();
    IntStream.range(0, weights.size()).forEach(block -> byBlock.put(block, weights.get(block)));
    return new TorchEvaluator().evaluate(network.manifest(2), byBlock, images);
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
