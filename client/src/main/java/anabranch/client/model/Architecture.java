// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.client.model.Layer.Convolution;
import anabranch.client.model.Layer.Dense;
import anabranch.client.model.Layer.Flatten;
import anabranch.client.model.Layer.MaxPool;
import anabranch.client.model.Layer.Relu;
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
      return List.of(1, 28, 28);
    }

    @Override
    List<BlockDefinition> blocks(Settings settings) {
      int channels1 = settings.number("channels1");
      int channels2 = settings.number("channels2");
      int hidden = settings.number("hidden");
      // Pooling commutes with the ReLU and leaves it a quarter of the work.
      return List.of(
          new BlockDefinition(
              "conv1",
              List.of(new Convolution("conv1", 1, channels1, 3, 1), new MaxPool(2), new Relu())),
          new BlockDefinition(
              "conv2",
              List.of(
                  new Convolution("conv2", channels1, channels2, 3, 1),
                  new MaxPool(2),
                  new Relu(),
                  new Flatten())),
          new BlockDefinition(
              "hidden", List.of(new Dense("hidden", channels2 * 7 * 7, hidden), new Relu())),
          new BlockDefinition(
              "output", List.of(new Dense("output", hidden, settings.number("classes")))));
    }
  },

  /**
   * A multi-layer perceptron with one hidden layer. Settings: {@code inputs} 784, {@code hidden}
   * 64, {@code classes} 10; with these 50,890 parameters.
   */
  MLP("mlp", Map.of("inputs", "784", "hidden", "64", "classes", "10")) {
    @Override
    List<Integer> inputShape(Settings settings) {
      return List.of(settings.number("inputs"));
    }

    @Override
    List<BlockDefinition> blocks(Settings settings) {
      int hidden = settings.number("hidden");
      return List.of(
          new BlockDefinition(
              "hidden",
              List.of(
                  new Flatten(),
                  new Dense("hidden", settings.number("inputs"), hidden),
                  new Relu())),
          new BlockDefinition(
              "output", List.of(new Dense("output", hidden, settings.number("classes")))));
    }
  };

  private final String label;
  private final Map<String, String> defaults;

  Architecture(String label, Map<String, String> defaults) {
    this.label = label;
    this.defaults = defaults;
  }

  abstract List<Integer> inputShape(Settings settings);

  abstract List<BlockDefinition> blocks(Settings settings);

  /** Name in the manifest and on the command line. */
  public String label() {
    return label;
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
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(Architecture::label)
                                .collect(Collectors.joining(", ")))));
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
    return new ModelDefinition(label, all, inputShape(read), blocks(read));
  }

  /** Settings of one architecture, read as numbers. */
  record Settings(String label, Map<String, String> values) {

    int number(String key) {
      try {
        int number = Integer.parseInt(values.get(key));
        if (number >= 1) {
          return number;
        }
      } catch (NumberFormatException e) {
        // The message below names the value.
      }
      throw new IllegalArgumentException(
          "setting '%s' of %s must be a number of at least 1, not '%s'"
              .formatted(key, label, values.get(key)));
    }
  }
}
