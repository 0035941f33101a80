// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.GradientCollector;
import anabranch.client.model.BlockDefinition;
import anabranch.client.model.Layer;
import anabranch.client.model.TensorDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values and gradients of the layers, against formulas of their own and finite differences. */
class LayersTest {

  private final NDManager manager = Torch.openManager();
  private final SplittableRandom random = new SplittableRandom(11);
  private final Map<String, NDArray> tensors = new HashMap<>();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void groupNormIsALayerNormOfEachGroupScaledAndShiftedByChannel() {
    Layer.GroupNorm norm = new Layer.GroupNorm("n", 6, 3);
    NDArray x = trained(2, 6, 5, 4);
    create(norm);

    List<float[]> fused = valueAndGradients(x, in -> through(in, norm));
    List<float[]> composed =
        valueAndGradients(
            x,
            in -> {
              NDArray groups = in.reshape(2, 3, 40);
              return LayerNorm.layerNorm(
                      groups,
                      new Shape(40),
                      manager.ones(new Shape(40)),
                      manager.zeros(new Shape(40)),
                      1e-5f)
                  .singletonOrThrow()
                  .reshape(2, 6, 5, 4)
                  .mul(tensors.get("n.weight").reshape(1, 6, 1, 1))
                  .add(tensors.get("n.bias").reshape(1, 6, 1, 1));
            });

    assertSame(fused, composed, 1e-5f);
  }

  @Test
  void slopesOfEveryLayerAreFiniteDifferences() {
    List<Layer> onImages =
        List.of(
            new Layer.GroupNorm("n", 4, 2),
            new Layer.BatchNorm("b", 4),
            new Layer.Convolution("c", 4, 3, 3, 2, 1, false, false),
            new Layer.Gelu(),
            new Layer.GlobalAveragePool(),
            new Layer.PatchEmbedding("p", 4, 2, 4, 6));
    for (Layer layer : onImages) {
      assertSlopes(layer, trained(3, 4, 4, 4));
    }
    for (Layer layer : List.of(new Layer.LayerNorm("l", 8), new Layer.Attention("a", 8, 2))) {
      assertSlopes(layer, trained(2, 5, 8));
    }
  }

  /** Of the values' sum, weighted at random, by the input. */
  private void assertSlopes(Layer layer, NDArray x) {
    create(layer);
    NDArray weights = uniform(through(x.stopGradient(), layer).getShape());
    float[] slopes = valueAndGradients(x, in -> through(in, layer).mul(weights).sum()).get(1);
    float[] values = x.stopGradient().toFloatArray();
    float step = 1e-2f;
    for (int i = 0; i < values.length; i += 7) {
      float value = values[i];
      values[i] = value + step;
      double above = weightedSum(layer, values, x.getShape(), weights);
      values[i] = value - step;
      double below = weightedSum(layer, values, x.getShape(), weights);
      values[i] = value;
      assertThat((double) slopes[i])
          .as("%s, input %d", layer, i)
          .isCloseTo((above - below) / (2 * step), within(2e-3));
    }
  }

  private double weightedSum(Layer layer, float[] values, Shape shape, NDArray weights) {
    float[] out = through(manager.create(values, shape), layer).toFloatArray();
    float[] factors = weights.toFloatArray();
    double sum = 0;
    for (int i = 0; i < out.length; i++) {
      sum += (double) out[i] * factors[i];
    }
    return sum;
  }

  @Test
  void batchNormUsesTheBatchInTrainingAndMovesTheRunningStatistics() {
    Layer.BatchNorm norm = new Layer.BatchNorm("b", 1);
    tensors.put("b.weight", manager.create(new float[] {2}));
    tensors.put("b.bias", manager.create(new float[] {1}));
    tensors.put("b.running_mean", manager.create(new float[] {10}));
    tensors.put("b.running_var", manager.create(new float[] {4}));
    NDArray x = manager.create(new float[] {1, 2, 3, 6}, new Shape(4, 1, 1, 1));

    float[] values = run(x, true, norm).toFloatArray();

    // Mean 3, variance 3.5, without bias 14/3.
    for (int i = 0; i < 4; i++) {
      float expected = (float) ((new float[] {1, 2, 3, 6}[i] - 3) / Math.sqrt(3.5 + 1e-5) * 2 + 1);
      assertThat(values[i]).isCloseTo(expected, within(1e-5f));
    }
    assertThat(tensors.get("b.running_mean").getFloat()).isCloseTo(9.3f, within(1e-5f));
    assertThat(tensors.get("b.running_var").getFloat())
        .isCloseTo(0.9f * 4 + 0.1f * 14 / 3, within(1e-5f));
  }

  @Test
  void batchNormOfAHeldBlockUsesTheRunningStatisticsAndLeavesThem() {
    Layer.BatchNorm norm = new Layer.BatchNorm("b", 1);
    tensors.put("b.weight", manager.create(new float[] {2}));
    tensors.put("b.bias", manager.create(new float[] {1}));
    tensors.put("b.running_mean", manager.create(new float[] {10}));
    tensors.put("b.running_var", manager.create(new float[] {4}));

    NDArray out = run(manager.create(new float[] {12}, new Shape(1, 1, 1, 1)), false, norm);

    assertThat(out.getFloat()).isCloseTo(3, within(1e-5f));
    assertThat(tensors.get("b.running_mean").getFloat()).isEqualTo(10);
    assertThat(tensors.get("b.running_var").getFloat()).isEqualTo(4);
  }

  @Test
  void attentionIsTheSoftmaxOfScaledProducts() {
    Layer.Attention attention = new Layer.Attention("a", 8, 2);
    NDArray x = trained(3, 5, 8);
    create(attention);

    List<float[]> fused = valueAndGradients(x, in -> through(in, attention));
    List<float[]> composed = valueAndGradients(x, this::composedAttention);

    assertSame(fused, composed, 1e-5f);
  }

  private NDArray composedAttention(NDArray x) {
    NDArray projected =
        x.matMul(tensors.get("a.in.weight").transpose()).add(tensors.get("a.in.bias"));
    NDArray attended = null;
    for (int head = 0; head < 2; head++) {
      NDArray queries = projected.get(":, :, " + range(4 * head));
      NDArray keys = projected.get(":, :, " + range(8 + 4 * head));
      NDArray values = projected.get(":, :, " + range(16 + 4 * head));
      NDArray one = queries.matMul(keys.transpose(0, 2, 1)).div(2).softmax(2).matMul(values);
      attended = attended == null ? one : attended.concat(one, 2);
    }
    return attended.matMul(tensors.get("a.out.weight").transpose()).add(tensors.get("a.out.bias"));
  }

  private static String range(int from) {
    return from + ":" + (from + 4);
  }

  @Test
  void shortcutsNestAndMayBeProjected() {
    NDArray x = manager.create(new float[] {1, -2}, new Shape(1, 2));
    tensors.put("d.weight", manager.create(new float[] {0, 1, 1, 0}, new Shape(2, 2)));
    Layer.Dense swap = new Layer.Dense("d", 2, 2, false, false);

    // x swapped + (x + relu(x))
    NDArray out =
        through(
            x,
            new Layer.PushShortcut(List.of(swap)),
            new Layer.PushShortcut(),
            new Layer.Relu(),
            new Layer.AddShortcut(),
            new Layer.AddShortcut());

    assertThat(out.toFloatArray()).containsExactly(-2 + 1 + 1, 1 - 2 + 0);
  }

  @Test
  void poolingIsTheSameWithAndWithoutGradients() {
    NDArray x = uniform(new Shape(2, 3, 7, 7));
    Layer.MaxPool squares = new Layer.MaxPool(2);
    Layer.MaxPool overlapping = new Layer.MaxPool(3, 2, 1);

    assertThat(run(x, true, squares).toFloatArray())
        .isEqualTo(run(x, false, squares).toFloatArray());
    assertThat(through(x, overlapping).getShape()).isEqualTo(new Shape(2, 3, 4, 4));
  }

  @Test
  void poolingGivesEveryBitOfPyTorchsOwnPoolingAndGradient() {
    // Equal values compete for being the greatest.
    NDArray x = manager.create(uniform(new Shape(3, 16, 9, 9)).mul(4).round().toFloatArray());
    NDArray images = x.reshape(3, 16, 9, 9);
    images.setRequiresGradient(true);
    for (Layer.MaxPool layer : List.of(new Layer.MaxPool(2), new Layer.MaxPool(3, 2, 1))) {
      Shape window = new Shape(layer.kernel(), layer.kernel());
      Shape step = new Shape(layer.stride(), layer.stride());
      Shape padding = new Shape(layer.padding(), layer.padding());

      List<float[]> ours = valueAndGradients(images, in -> through(in, layer));
      List<float[]> own =
          valueAndGradients(images, in -> Pool.maxPool2d(in, window, step, padding, false));

      assertThat(ours.get(0)).containsExactly(own.get(0));
      assertThat(ours.get(1)).containsExactly(own.get(1));
    }
  }

  @Test
  void everyArrayOnTheWayIsClosed() {
    Layer[] unit = {
      new Layer.PushShortcut(
          List.of(
              new Layer.Convolution("s", 4, 4, 1, 1, 0, false, false),
              new Layer.GroupNorm("sn", 4, 2))),
      new Layer.Convolution("c", 4, 4, 3, 1, 1, false, true),
      new Layer.GroupNorm("n", 4, 2),
      new Layer.Relu(),
      new Layer.AddShortcut(),
      new Layer.MaxPool(2),
      new Layer.PatchEmbedding("p", 4, 2, 4, 8),
      new Layer.PushShortcut(),
      new Layer.LayerNorm("l", 8),
      new Layer.Attention("a", 8, 2),
      new Layer.Gelu(),
      new Layer.AddShortcut(),
      new Layer.ProjectionHead("h", 8, List.of(6, 5)),
      new Layer.GlobalAveragePool(),
      new Layer.Dense("d", 8, 3)
    };
    create(unit);
    NDArray x = trained(2, 4, 8, 8);
    try (NDManager scratch = manager.newSubManager()) {
      NDArray input = x.stopGradient();
      input.attach(scratch);

      NDArray out = through(input, unit);

      assertThat(out.getShape()).isEqualTo(new Shape(2, 3));
      assertThat(scratch.getManagedArrays()).containsExactlyInAnyOrder(input, out);
    }
  }

  private void create(Layer... layers) {
    for (Layer layer : layers) {
      for (TensorDefinition tensor : layer.tensors()) {
        long[] axes = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
        tensors.put(tensor.name(), uniform(new Shape(axes)).add(0.5));
      }
    }
  }

  private NDArray through(NDArray x, Layer... layers) {
    return run(x, true, layers);
  }

  private NDArray run(NDArray x, boolean trained, Layer... layers) {
    ForwardPass pass = new ForwardPass(tensors, x, trained, ForwardPass.Observation.NONE);
    pass.run(new BlockDefinition("block", List.of(layers)), trained);
    return pass.output();
  }

  /** The values, and the slopes of their squares' sum by the input and by every tensor. */
  private List<float[]> valueAndGradients(NDArray x, Function<NDArray, NDArray> function) {
    List<NDArray> leaves = new ArrayList<>();
    tensors.keySet().stream()
        .filter(name -> !name.contains("running"))
        .sorted()
        .map(tensors::get)
        .forEach(leaves::add);
    leaves.forEach(leaf -> leaf.setRequiresGradient(true));
    leaves.add(0, x);
    List<float[]> results = new ArrayList<>();
    try (GradientCollector collector = Torch.engine().newGradientCollector()) {
      NDArray value = function.apply(x);
      collector.backward(value.getShape().dimension() == 0 ? value : value.mul(value).sum());
      results.add(value.toFloatArray());
    }
    for (NDArray leaf : leaves) {
      NDArray gradient = leaf.getGradient();
      results.add(gradient.toFloatArray());
      gradient.subi(gradient);
    }
    return results;
  }

  private static void assertSame(List<float[]> ones, List<float[]> others, float tolerance) {
    assertThat(ones).hasSameSizeAs(others);
    for (int i = 0; i < ones.size(); i++) {
      float[] other = others.get(i);
      float greatest = 1;
      for (float value : other) {
        greatest = Math.max(greatest, Math.abs(value));
      }
      assertThat(ones.get(i)).containsExactly(other, within(tolerance * greatest));
    }
  }

  private NDArray trained(long... axes) {
    NDArray x = uniform(new Shape(axes));
    x.setRequiresGradient(true);
    return x;
  }

  private NDArray uniform(Shape shape) {
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return manager.create(values, shape);
  }
}
