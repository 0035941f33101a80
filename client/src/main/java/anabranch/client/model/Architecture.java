// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.client.model.Layer.Convolution;
import anabranch.client.model.Layer.Dense;
import anabranch.client.model.Layer.Flatten;
import anabranch.client.model.Layer.MaxPool;
import anabranch.client.model.Layer.Relu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The networks that are shipped, by the name that stands in the manifest. */
public enum Architecture {

  /**
   * A small convolutional net for 28 × 28 grey images: two 3 × 3 convolutions, each with pooling, a
   * hidden layer. Settings: {@code classes} 10, {@code channels1} 16, {@code channels2} 32, {@code
   * hidden} 64; with these 105,866 parameters.
   */
  CONV_SMALL(
      "conv-small", Map.of("classes", "10", "channels1", "16", "channels2", "32", "hidden", "64")) {
    @Override
    List<Integer> inputShape(Settings settings) {
      return GREY_28;
    }

    @Override
    List<BlockDefinition> blocks(Settings settings) {
      return twoConvolutions(settings, 3);
    }
  },

  /**
   * The convolutional net of McMahan et al. 2017 (arXiv:1602.05629) for 28 × 28 grey images: two 5
   * × 5 convolutions that keep height and width, each with 2 × 2 pooling, a hidden layer. Settings:
   * {@code classes} 10, {@code channels1} 32, {@code channels2} 64, {@code hidden} 512; with these
   * 1,663,370 parameters.
   */
  MCMAHAN_CNN(
      "mcmahan-cnn",
      Map.of("classes", "10", "channels1", "32", "channels2", "64", "hidden", "512")) {
    @Override
    List<Integer> inputShape(Settings settings) {
      return GREY_28;
    }

    @Override
    List<BlockDefinition> blocks(Settings settings) {
      return twoConvolutions(settings, 5);
    }
  },

  /**
   * A multi-layer perceptron; each of its layers is a block. Settings: {@code inputs} 784, {@code
   * hidden} 64 (sizes of the hidden layers, such as {@code 64,32}), {@code classes} 10; with these
   * 50,890 parameters.
   */
  MLP("mlp", Map.of("inputs", "784", "hidden", "64", "classes", "10")) {
    @Override
    List<Integer> inputShape(Settings settings) {
      return List.of(settings.number("inputs"));
    }

    @Override
    List<BlockDefinition> blocks(Settings settings) {
      List<BlockDefinition> blocks = new ArrayList<>();
      int width = settings.number("inputs");
      for (int size : settings.numbers("hidden")) {
        String name = "hidden" + (blocks.size() + 1);
        Dense dense = new Dense(name, width, size);
        blocks.add(
            new BlockDefinition(
                name,
                blocks.isEmpty()
                    ? List.of(new Flatten(), dense, new Relu())
                    : List.of(dense, new Relu())));
        width = size;
      }
      blocks.add(
          new BlockDefinition(
              "output", List.of(new Dense("output", width, settings.number("classes")))));
      return blocks;
    }
  };

  private static final List<Integer> GREY_28 = List.of(1, 28, 28);

  private final String label;
  private final Map<String, String> defaults;

  Architecture(String label, Map<String, String> defaults) {
    this.label = label;
    this.defaults = defaults;
  }

  abstract List<Integer> inputShape(Settings settings);

  abstract List<BlockDefinition> blocks(Settings settings);

  /** Two convolutions with an odd kernel that keep height and width, each with pooling. */
  private static List<BlockDefinition> twoConvolutions(Settings settings, int kernel) {
    int channels1 = settings.number("channels1");
    int channels2 = settings.number("channels2");
    int hidden = settings.number("hidden");
    int padding = kernel / 2;
    // Pooling commutes with the ReLU and leaves it a quarter of the work.
    return List.of(
        new BlockDefinition(
            "conv1",
            List.of(
                new Convolution("conv1", 1, channels1, kernel, padding),
                new MaxPool(2),
                new Relu())),
        new BlockDefinition(
            "conv2",
            List.of(
                new Convolution("conv2", channels1, channels2, kernel, padding),
                new MaxPool(2),
                new Relu(),
                new Flatten())),
        new BlockDefinition(
            "hidden", List.of(new Dense("hidden", channels2 * 7 * 7, hidden), new Relu())),
        new BlockDefinition(
            "output", List.of(new Dense("output", hidden, settings.number("classes")))));
  }

  /** Name in the manifest and on the command line. */
  public String label() {
    return label;
  }

  /** The names of all, as people may choose from them. */
  public static String labels() {
    return Arrays.stream(values()).map(Architecture::label).collect(Collectors.joining(", "));
  }

  /**
   * @throws IllegalArgumentException if there is no architecture of that name
   */
  public static Architecture named(String label) {
    return Arrays.stream(values())
        .filter(architecture -> architecture.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "architecture '%s' is not known here, choose one of %s"
                        .formatted(label, labels())));
  }

  /**
   * The network with these settings, the others at their defaults.
   *
   * @throws IllegalArgumentException if a setting is unknown or no number of at least 1
   */
  public ModelDefinition define(Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>(defaults);
    settings.forEach(
        (key, value) -> {
          if (all.put(key, value) == null) {
            throw new IllegalArgumentException(
                "%s has no setting '%s', only %s".formatted(label, key, defaults.keySet()));
          }
        });
    Settings read = new Settings(label, all);
    return new ModelDefinition(label, all, inputShape(read), read.number("classes"), blocks(read));
  }

  /**
   * The network for samples of a data set: {@code inputs} and {@code classes} follow from them
   * where the settings do not say otherwise.
   *
   * @param sampleShape of one sample
   * @param classes of the data set
   * @throws IllegalArgumentException also if the network cannot take such samples
   */
  public ModelDefinition defineFor(
      List<Integer> sampleShape, int classes, Map<String, String> settings) {
    Map<String, String> fitted = new TreeMap<>();
    fitted.put("classes", String.valueOf(classes));
    if (defaults.containsKey("inputs")) {
      fitted.put("inputs", String.valueOf(sampleShape.stream().reduce(1, Math::multiplyExact)));
    }
    fitted.putAll(settings);
    ModelDefinition model = define(fitted);
    model.requireFits(sampleShape, classes);
    return model;
  }
}
