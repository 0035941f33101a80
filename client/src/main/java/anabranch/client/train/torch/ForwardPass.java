// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import anabranch.client.model.BlockDefinition;
import anabranch.client.model.Layer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * One batch on its way through a network's layers.
 *
 * <p>Every array on the way is closed as soon as the layers behind it have been computed. What the
 * backward pass needs is kept alive by PyTorch's own references, so a frozen layer keeps nothing.
 */
final class ForwardPass {

  /**
   * What a network gives to the HSIC terms of the loss.
   *
   * @param flat (batch, features), before pooling
   * @param projected (batch, width), pooled and through the projection head
   */
  record Features(NDArray flat, NDArray projected) {}

  /** Whether the features are wanted, and how. */
  enum Observation {
    NONE,
    /** The features, and their projection without gradients for it. */
    HEAD_FIXED,
    /** The features and their projection. */
    HEAD_TRAINED
  }

  private final Map<String, NDArray> tensors;
  private final NDArray input;
  private final boolean trains;
  private final Observation observation;
  private final Deque<NDArray> shortcuts = new ArrayDeque<>();
  private final List<NDArray> shallowerExits = new ArrayList<>();
  private NDArray x;
  private Features features;

  /**
   * @param tensors of the network by name
   * @param input stays open; all other arrays belong to its manager until they are closed
   * @param trains whether the network gathers gradients anywhere
   */
  ForwardPass(
      Map<String, NDArray> tensors, NDArray input, boolean trains, Observation observation) {
    this.tensors = tensors;
    this.input = input;
    this.trains = trains;
    this.observation = observation;
    this.x = input;
  }

  /**
   * Computes a block.
   *
   * @param trained whether its tensors are under training
   */
  void run(BlockDefinition block, boolean trained) {
    x = through(block.layers(), x, trained);
  }

  /**
   * Computes the output module of an exit beside the way, which goes on with what it had.
   *
   * @param trained whether its tensors are under training
   */
  void exit(BlockDefinition output, boolean trained) {
    shallowerExits.add(through(output.layers(), again(x), trained));
  }

  /** What came out of the last block. */
  NDArray output() {
    return x;
  }

  /** What came out of each exit, last that of the last block. */
  List<NDArray> exits() {
    List<NDArray> exits = new ArrayList<>(shallowerExits);
    exits.add(x);
    return exits;
  }

  /** What the projection head met, null if there is none or nothing was asked for. */
  Features features() {
    return features;
  }

  /** Closes what it is given, unless that is what comes out or the network's input. */
  private NDArray through(List<Layer> layers, NDArray from, boolean trained) {
    NDArray current = from;
    for (Layer layer : layers) {
      NDArray next = apply(layer, current, trained);
      if (next != current && current != input) {
        current.close();
      }
      current = next;
    }
    return current;
  }

  private NDArray apply(Layer layer, NDArray x, boolean trained) {
    if (layer instanceof Layer.Convolution conv) {
      return Operations.convolution(
          x, weight(conv.name()), bias(conv.name()), conv.stride(), conv.padding());
    } else if (layer instanceof Layer.Dense dense) {
      return linear(x, dense.name());
    } else if (layer instanceof Layer.Relu) {
      return Activation.relu(x);
    } else if (layer instanceof Layer.Gelu) {
      return Activation.gelu(x);
    } else if (layer instanceof Layer.MaxPool pool) {
      return Operations.maxPool(x, pool.kernel(), pool.stride(), pool.padding(), trains);
    } else if (layer instanceof Layer.Flatten) {
      return x.reshape(x.getShape().get(0), -1);
    } else if (layer instanceof Layer.GlobalAveragePool) {
      return Operations.globalAverage(x);
    } else if (layer instanceof Layer.GroupNorm norm) {
      return Operations.groupNorm(x, norm.groups(), weight(norm.name()), bias(norm.name()));
    } else if (layer instanceof Layer.LayerNorm norm) {
      return Operations.layerNorm(x, weight(norm.name()), bias(norm.name()));
    } else if (layer instanceof Layer.BatchNorm norm) {
      return Operations.batchNorm(
          x,
          tensors.get(norm.name() + ".running_mean"),
          tensors.get(norm.name() + ".running_var"),
          weight(norm.name()),
          bias(norm.name()),
          trained);
    } else if (layer instanceof Layer.PushShortcut shortcut) {
      shortcuts.push(through(shortcut.projection(), again(x), trained));
      return x;
    } else if (layer instanceof Layer.AddShortcut) {
      try (NDArray shortcut = shortcuts.pop()) {
        return x.add(shortcut);
      }
    } else if (layer instanceof Layer.PatchEmbedding embedding) {
      return embed(embedding, x);
    } else if (layer instanceof Layer.Attention attention) {
      return attend(attention, x);
    } else if (layer instanceof Layer.ProjectionHead head) {
      if (observation != Observation.NONE) {
        features = observe(head, x);
      }
      return x;
    } else if (layer instanceof DjlLayer own) {
      return own.forward(x, tensors, trained);
    }
    throw new IllegalArgumentException("no forward pass for " + layer);
  }

  /** A handle of its own to the same values, so that every handle has one owner. */
  private static NDArray again(NDArray x) {
    return x.reshape(x.getShape());
  }

  private NDArray embed(Layer.PatchEmbedding embedding, NDArray image) {
    String name = embedding.name();
    try (NDArray squares =
            Operations.convolution(image, weight(name), bias(name), embedding.patch(), 0);
        NDArray flat = squares.reshape(image.getShape().get(0), embedding.width(), -1);
        NDArray tokens = flat.transpose(0, 2, 1)) {
      return tokens.add(tensors.get(name + ".position"));
    }
  }

  private NDArray attend(Layer.Attention attention, NDArray tokens) {
    try (NDArray projected = linear(tokens, attention.name() + ".in");
        NDArray attended = Operations.attention(projected, attention.heads())) {
      return linear(attended, attention.name() + ".out");
    }
  }

  private Features observe(Layer.ProjectionHead head, NDArray x) {
    NDArray flat = x.reshape(x.getShape().get(0), -1);
    NDArray pooled = x.getShape().dimension() == 2 ? again(x) : Operations.globalAverage(x);
    if (observation == Observation.HEAD_FIXED) {
      pooled = detached(pooled);
    }
    return new Features(flat, through(List.copyOf(head.maps()), pooled, false));
  }

  private static NDArray detached(NDArray x) {
    try (x) {
      return x.stopGradient();
    }
  }

  private NDArray linear(NDArray x, String name) {
    return Linear.linear(x, weight(name), bias(name)).singletonOrThrow();
  }

  private NDArray weight(String layer) {
    return tensors.get(layer + ".weight");
  }

  /** Null where the layer has none. */
  private NDArray bias(String layer) {
    return tensors.get(layer + ".bias");
  }
}
