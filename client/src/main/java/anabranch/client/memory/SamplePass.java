// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import anabranch.client.model.Layer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * One sample on its way through layers of which only the shapes are computed: what is kept, what is
 * there at once, how much is multiplied. It follows what {@code
 * anabranch.client.train.torch.ForwardPass} does.
 */
final class SamplePass {

  private final boolean dependence;
  private final boolean trainsHead;
  private final Deque<Values> shortcuts = new ArrayDeque<>();
  private final Set<Values> kept = Values.identitySet();
  private final BackwardPass backward = new BackwardPass();
  private final Values input;
  private List<Integer> shape;
  private Values values;
  private long forwardPeak;
  private long largestOutput;
  private long forwardOperations;
  private long trainingOperations;

  /**
   * @param dependence whether the loss observes features
   * @param trainsHead whether the projection head is trained
   */
  SamplePass(List<Integer> inputShape, boolean dependence, boolean trainsHead) {
    this.dependence = dependence;
    this.trainsHead = trainsHead;
    this.shape = inputShape;
    this.input = new Values(size(inputShape), false);
    this.values = input;
  }

  void through(List<Layer> layers, boolean trained) {
    layers.forEach(layer -> apply(layer, trained));
  }

  /** An output module beside the way, which goes on with what it had. */
  void exit(List<Layer> output, boolean trained) {
    List<Integer> before = shape;
    Values way = values;
    backward.branch();
    // While the exit is computed, what the way goes on with is there too.
    shortcuts.push(way);
    through(output, trained);
    shortcuts.pop();
    backward.exit(values);
    shape = before;
    values = way;
  }

  /** Values kept for the backward pass. */
  long kept() {
    return Values.size(kept);
  }

  /** The most values that are there at once, in the forward or the backward pass. */
  long peak() {
    return Math.max(forwardPeak, input.size() + backward.peak(kept));
  }

  long largestOutput() {
    return largestOutput;
  }

  long forwardOperations() {
    return forwardOperations;
  }

  long trainingOperations() {
    return trainingOperations;
  }

  private void apply(Layer layer, boolean trained) {
    if (layer instanceof Layer.Convolution conv) {
      int height = strided(shape.get(1), conv.kernel(), conv.stride(), conv.padding());
      int width = strided(shape.get(2), conv.kernel(), conv.stride(), conv.padding());
      multiply(
          List.of(conv.out(), height, width),
          (long) conv.in() * conv.kernel() * conv.kernel(),
          trained);
    } else if (layer instanceof Layer.Dense dense) {
      multiply(lastAxis(dense.out()), dense.in(), trained);
    } else if (layer instanceof Layer.Relu) {
      Values before = values;
      Values after = new Values(before.size(), before.needsGradient());
      compute(shape, after, after.needsGradient() ? List.of(after) : List.of());
    } else if (layer instanceof Layer.Gelu) {
      compute(shape, like(values), values.needsGradient() ? List.of(values) : List.of());
    } else if (layer instanceof Layer.GroupNorm
        || layer instanceof Layer.BatchNorm
        || layer instanceof Layer.LayerNorm) {
      boolean needs = trained || values.needsGradient();
      compute(shape, new Values(values.size(), needs), needs ? List.of(values) : List.of());
    } else if (layer instanceof Layer.MaxPool pool) {
      pool(pool);
    } else if (layer instanceof Layer.Flatten) {
      shape = List.of((int) size(shape));
    } else if (layer instanceof Layer.GlobalAveragePool) {
      List<Integer> pooled = List.of(shape.get(shape.size() == 3 ? 0 : 1));
      compute(pooled, new Values(size(pooled), values.needsGradient()), List.of());
    } else if (layer instanceof Layer.PushShortcut shortcut) {
      push(shortcut, trained);
    } else if (layer instanceof Layer.AddShortcut) {
      add();
    } else if (layer instanceof Layer.PatchEmbedding embedding) {
      multiply(
          List.of(embedding.tokens(), embedding.width()),
          (long) embedding.channels() * embedding.patch() * embedding.patch(),
          trained);
      compute(shape, like(values), List.of());
    } else if (layer instanceof Layer.Attention attention) {
      attend(attention, trained);
    } else if (layer instanceof Layer.ProjectionHead head) {
      if (dependence) {
        observe(head, trained);
      }
    } else {
      throw new IllegalArgumentException(
          "the memory of %s is not known: account for a model of shipped layers"
              .formatted(layer.getClass().getSimpleName()));
    }
  }

  /** A layer of weights: every value of its output is a sum over that many products. */
  private void multiply(List<Integer> output, long products, boolean trained) {
    long forward = size(output) * products;
    boolean wasNeeded = values.needsGradient();
    forwardOperations += forward;
    trainingOperations += forward * (1 + (trained ? 1 : 0) + (wasNeeded ? 1 : 0));
    compute(
        output,
        new Values(size(output), trained || wasNeeded),
        trained ? List.of(values) : List.of());
  }

  private void pool(Layer.MaxPool pool) {
    List<Integer> output =
        List.of(
            shape.get(0),
            strided(shape.get(1), pool.kernel(), pool.stride(), pool.padding()),
            strided(shape.get(2), pool.kernel(), pool.stride(), pool.padding()));
    boolean needs = values.needsGradient();
    // Squares side by side are pooled in another layout, of a copy.
    boolean copies = pool.kernel() == pool.stride() && pool.padding() == 0;
    Values pooled = copies ? new Values(values.size(), false) : values;
    // Indices are of 64 bits.
    Values indices = new Values(2 * size(output), false);
    compute(output, new Values(size(output), needs), needs ? List.of(pooled, indices) : List.of());
  }

  private void push(Layer.PushShortcut shortcut, boolean trained) {
    List<Integer> before = shape;
    Values main = values;
    backward.branch();
    // While the projection is computed, what the main branch begins with is there too.
    shortcuts.push(main);
    through(shortcut.projection(), trained);
    shortcuts.pop();
    shortcuts.push(values);
    backward.mainBranch();
    shape = before;
    values = main;
  }

  private void add() {
    Values shortcut = shortcuts.peek();
    Values sum = new Values(values.size(), values.needsGradient() || shortcut.needsGradient());
    arrive(shape, sum, List.of());
    shortcuts.pop();
    backward.join(sum, values.needsGradient(), shortcut.needsGradient());
    values = sum;
  }

  /** Queries, keys and values in one, then attention head by head, then the output's map. */
  private void attend(Layer.Attention attention, boolean trained) {
    int tokens = shape.get(0);
    int width = attention.width();
    multiply(List.of(tokens, 3 * width), width, trained);
    long products = 2L * tokens * tokens * width;
    boolean needs = values.needsGradient();
    forwardOperations += products;
    trainingOperations += products * (needs ? 3 : 1);
    Values attended = new Values((long) tokens * width, needs);
    Values sums = new Values((long) tokens * attention.heads(), false);
    compute(List.of(tokens, width), attended, needs ? List.of(values, attended, sums) : List.of());
    // By token again, which is a copy.
    compute(shape, like(values), List.of());
    multiply(List.of(tokens, width), width, trained);
  }

  /**
   * The features stay for their product with the gradient, which is as large; both are centred
   * copies for a while.
   */
  private void observe(Layer.ProjectionHead head, boolean trained) {
    List<Integer> before = shape;
    Values features = values;
    Values gradient = new Values(features.size(), false);
    if (features.needsGradient()) {
      compute(shape, like(features), List.of(features, gradient));
    }
    there(2 * features.size() + 2 * input.size());
    if (before.size() > 1) {
      shape = List.of(before.get(before.size() == 3 ? 0 : 1));
      values = new Values(shape.get(0), trainsHead && features.needsGradient());
    }
    head.maps().forEach(map -> multiply(List.of(map.out()), map.in(), trained && trainsHead));
    shape = before;
    values = features;
  }

  /** One layer further: what it makes of the values, and what it keeps for the backward pass. */
  private void compute(List<Integer> outputShape, Values output, List<Values> keeps) {
    arrive(outputShape, output, keeps);
    backward.step(values, output, keeps);
    values = output;
  }

  private void arrive(List<Integer> outputShape, Values output, List<Values> keeps) {
    kept.addAll(keeps);
    // The batch itself is there in any case.
    kept.remove(input);
    there(kept.contains(output) ? 0 : output.size());
    largestOutput = Math.max(largestOutput, output.size());
    shape = outputShape;
  }

  /** Takes note of what is there, with that many values more. */
  private void there(long more) {
    Set<Values> there = Values.identitySet();
    there.addAll(kept);
    there.addAll(shortcuts);
    there.add(input);
    there.add(values);
    forwardPeak = Math.max(forwardPeak, Values.size(there) + more);
  }

  static long size(Set<Values> all) {
    return all.stream().mapToLong(Values::size).sum();
  }

  private static Values like(Values values) {
    return new Values(values.size(), values.needsGradient());
  }

  private List<Integer> lastAxis(int features) {
    List<Integer> changed = new ArrayList<>(shape);
    changed.set(shape.size() - 1, features);
    return changed;
  }

  private static int strided(int length, int kernel, int stride, int padding) {
    return (length + 2 * padding - kernel) / stride + 1;
  }

  private static long size(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }
}
