// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.protocol.model.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One step of a network's forward pass. The kinds that are shipped are nested here; {@link
 * anabranch.client.train.torch.DjlModel} makes layers of a user's own network.
 */
public interface Layer {

  /** The tensors of this layer, first those that are trained. */
  default List<TensorDefinition> tensors() {
    return List.of();
  }

  /**
   * Convolution over (batch, channels, height, width).
   *
   * @param name prefix of its tensors {@code weight} (out, in, kernel, kernel) and {@code bias}
   *     (out)
   * @param in channels before
   * @param out channels after
   * @param kernel height and width of the window
   * @param stride step of the window, in rows and columns
   * @param padding rows and columns of zeros on every side
   * @param bias whether a constant is added to every channel
   * @param beforeRelu whether a ReLU follows, which the initial weights make up for
   */
  record Convolution(
      String name,
      int in,
      int out,
      int kernel,
      int stride,
      int padding,
      boolean bias,
      boolean beforeRelu)
      implements Layer {

    /** With stride 1 and bias, before a ReLU. */
    public Convolution(String name, int in, int out, int kernel, int padding) {
      this(name, in, out, kernel, 1, padding, true, true);
    }

    /** Without bias, which the normalisation behind it would take away, before a ReLU. */
    static Convolution beforeNorm(String name, int in, int out, int kernel, int stride) {
      return new Convolution(name, in, out, kernel, stride, kernel / 2, false, true);
    }

    /**
     * A linear 3 × 3 convolution that stands in a stage's output module for the layers that are not
     * there yet.
     */
    public static Convolution surrogate(String name, int in, int out, int stride) {
      return new Convolution(name, in, out, 3, stride, 1, false, false);
    }

    @Override
    public List<TensorDefinition> tensors() {
      return weightAndBias(name, List.of(out, in, kernel, kernel), bias, beforeRelu);
    }
  }

  /**
   * Fully connected along the last axis: (…, in) to (…, out).
   *
   * @param name prefix of its tensors {@code weight} (out, in) and {@code bias} (out)
   * @param in features before
   * @param out features after
   * @param bias whether a constant is added to every feature
   * @param beforeRelu whether a ReLU follows, which the initial weights make up for
   */
  record Dense(String name, int in, int out, boolean bias, boolean beforeRelu) implements Layer {

    /** With bias, begun as if before a ReLU. */
    public Dense(String name, int in, int out) {
      this(name, in, out, true, true);
    }

    @Override
    public List<TensorDefinition> tensors() {
      return weightAndBias(name, List.of(out, in), bias, beforeRelu);
    }
  }

  /** Negative values become 0. */
  record Relu() implements Layer {}

  /** x·Φ(x) with the normal distribution Φ (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
  record Gelu() implements Layer {}

  /**
   * The greatest value of each window.
   *
   * @param kernel height and width of the window
   * @param stride step of the window, in rows and columns
   * @param padding rows and columns of −∞ on every side, at most half the kernel
   */
  record MaxPool(int kernel, int stride, int padding) implements Layer {

    /** Of squares side by side. */
    public MaxPool(int size) {
      this(size, size, 0);
    }
  }

  /** (batch, …) to (batch, features), row-major. */
  record Flatten() implements Layer {}

  /** Mean over height and width, or over the tokens: (batch, channels), the pooled features. */
  record GlobalAveragePool() implements Layer {}

  /**
   * Group normalisation (Wu and He 2018, arXiv:1803.08494): every group of channels of a sample is
   * brought to mean 0 and variance 1, then scaled and shifted by channel. The same in training and
   * evaluation, and no statistics of the data travel.
   *
   * @param name prefix of its tensors {@code weight} and {@code bias} (channels)
   * @param channels of its input
   * @param groups divides the channels
   */
  record GroupNorm(String name, int channels, int groups) implements Layer {

    @Override
    public List<TensorDefinition> tensors() {
      return scaleAndShift(name, channels);
    }
  }

  /**
   * Batch normalisation (Ioffe and Szegedy 2015, arXiv:1502.03167). A block under training uses its
   * batches' statistics and gathers running ones, with momentum 0.1; a held block and evaluation
   * use the running ones.
   *
   * @param name prefix of its tensors {@code weight} and {@code bias}, and of the buffers {@code
   *     running_mean} and {@code running_var} (channels)
   * @param channels of its input
   */
  record BatchNorm(String name, int channels) implements Layer {

    @Override
    public List<TensorDefinition> tensors() {
      List<TensorDefinition> tensors = new ArrayList<>(scaleAndShift(name, channels));
      List<Integer> shape = List.of(channels);
      tensors.add(new TensorDefinition(name + ".running_mean", shape, Role.BUFFER, Initial.ZERO));
      tensors.add(new TensorDefinition(name + ".running_var", shape, Role.BUFFER, Initial.ONE));
      return tensors;
    }
  }

  /**
   * Layer normalisation along the last axis (Ba et al. 2016, arXiv:1607.06450).
   *
   * @param name prefix of its tensors {@code weight} and {@code bias} (width)
   * @param width length of the last axis
   */
  record LayerNorm(String name, int width) implements Layer {

    @Override
    public List<TensorDefinition> tensors() {
      return scaleAndShift(name, width);
    }
  }

  /**
   * Remembers its input until the matching {@link AddShortcut}, which may lie in a later block.
   *
   * @param projection what is done to the remembered values, nothing for an identity
   */
  record PushShortcut(List<Layer> projection) implements Layer {

    public PushShortcut {
      projection = List.copyOf(projection);
    }

    /** An identity. */
    public PushShortcut() {
      this(List.of());
    }

    @Override
    public List<TensorDefinition> tensors() {
      return projection.stream().flatMap(layer -> layer.tensors().stream()).toList();
    }
  }

  /** Adds what was remembered last, and forgets it. */
  record AddShortcut() implements Layer {}

  /**
   * Cuts an image into squares and makes a token of each: a linear map, and a learned vector for
   * its place. (batch, channels, height, width) to (batch, tokens, width).
   *
   * @param name prefix of its tensors {@code weight} (width, channels, patch, patch), {@code bias}
   *     (width) and {@code position} (tokens, width)
   * @param channels of the image
   * @param patch height and width of a square
   * @param tokens number of squares
   * @param width of a token
   */
  record PatchEmbedding(String name, int channels, int patch, int tokens, int width)
      implements Layer {

    /** Of the position vectors, as small as is customary (standard deviation 0.02). */
    private static final Initial SMALL = new Initial.Uniform(0.02 * Math.sqrt(3));

    @Override
    public List<TensorDefinition> tensors() {
      List<Integer> shape = List.of(width, channels, patch, patch);
      return Stream.concat(
              weightAndBias(name, shape, true, false).stream(),
              Stream.of(new TensorDefinition(name + ".position", List.of(tokens, width), SMALL)))
          .toList();
    }
  }

  /**
   * Multi-head self-attention (Vaswani et al. 2017, arXiv:1706.03762) over (batch, tokens, width).
   *
   * @param name prefix of its tensors {@code in.weight} (3·width, width: queries, keys, values),
   *     {@code in.bias}, {@code out.weight} (width, width) and {@code out.bias}
   * @param width of a token
   * @param heads divides the width
   */
  record Attention(String name, int width, int heads) implements Layer {

    @Override
    public List<TensorDefinition> tensors() {
      return Stream.of(
              weightAndBias(name + ".in", List.of(3 * width, width), true, false),
              weightAndBias(name + ".out", List.of(width, width), true, false))
          .flatMap(List::stream)
          .toList();
    }
  }

  /**
   * Where block-wise training measures a stage's features: its input passes through unchanged.
   * Their pooled values go through a head of linear maps, which only the term nHSIC(Y; Z) of the
   * loss sees: it is no part of the deployed model and is not computed without that term.
   *
   * @param name prefix of its tensors {@code 1.weight} (width, before), {@code 1.bias} and so on,
   *     all of role {@link Role#AUXILIARY}
   * @param channels of its input
   * @param widths features behind each linear map; none if the pooled features are used as they are
   */
  record ProjectionHead(String name, int channels, List<Integer> widths) implements Layer {

    public ProjectionHead {
      widths = List.copyOf(widths);
    }

    /** The maps, in order. */
    public List<Dense> maps() {
      List<Dense> maps = new ArrayList<>();
      int before = channels;
      for (int width : widths) {
        maps.add(new Dense(name + "." + (maps.size() + 1), before, width, true, false));
        before = width;
      }
      return maps;
    }

    @Override
    public List<TensorDefinition> tensors() {
      return maps().stream()
          .flatMap(map -> map.tensors().stream())
          .map(tensor -> tensor.as(Role.AUXILIARY))
          .toList();
    }
  }

  private static List<TensorDefinition> weightAndBias(
      String name, List<Integer> shape, boolean bias, boolean beforeRelu) {
    int out = shape.get(0);
    int fanIn = shape.stream().reduce(1, Math::multiplyExact) / out;
    TensorDefinition weight =
        new TensorDefinition(
            name + ".weight",
            shape,
            beforeRelu ? Initial.beforeRelu(fanIn) : Initial.linear(fanIn));
    return bias
        ? List.of(weight, new TensorDefinition(name + ".bias", List.of(out), Initial.ZERO))
        : List.of(weight);
  }

  private static List<TensorDefinition> scaleAndShift(String name, int width) {
    return List.of(
        new TensorDefinition(name + ".weight", List.of(width), Initial.ONE),
        new TensorDefinition(name + ".bias", List.of(width), Initial.ZERO));
  }
}
