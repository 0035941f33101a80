// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

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
      "conv-small",
      new TwoConvolutions(
          3, Map.of("classes", "10", "channels1", "16", "channels2", "32", "hidden", "64"))),

  /**
   * The convolutional net of McMahan et al. 2017 (arXiv:1602.05629) for 28 × 28 grey images: two 5
   * × 5 convolutions that keep height and width, each with 2 × 2 pooling, a hidden layer. Settings:
   * {@code classes} 10, {@code channels1} 32, {@code channels2} 64, {@code hidden} 512; with these
   * 1,663,370 parameters.
   */
  MCMAHAN_CNN(
      "mcmahan-cnn",
      new TwoConvolutions(
          5, Map.of("classes", "10", "channels1", "32", "channels2", "64", "hidden", "512"))),

  /**
   * A multi-layer perceptron; each of its layers is a block. Settings: {@code inputs} 784, {@code
   * hidden} 64 (sizes of the hidden layers, such as {@code 64,32}), {@code classes} 10; with these
   * 50,890 parameters.
   */
  MLP("mlp", new Perceptron()),

  /**
   * A residual network, small enough for 28 × 28 grey images on two cores. Settings: {@code
   * channels} 1, {@code size} 28 (height and width), {@code classes} 10, {@code layers} 2,2,2,2
   * (residual units of each group), {@code widths} 8,16,32,64 (channels of each group), {@code
   * norm} group (or batch), {@code groups} 4 (of group normalisation), {@code stem} 3x3 (or
   * imagenet: 7 × 7 with stride 2, then pooling); with these 176,258 parameters. For block-wise
   * training: {@code cuts}, {@code tail}, {@code projection}, see {@link #RESNET_18}.
   */
  RESNET("resnet", ResNet.small()),

  /**
   * ResNet-18 with batch normalisation for 32 × 32 colour images. Settings as {@link #RESNET};
   * {@code stem} imagenet and {@code size} 224 give the shape for ImageNet. For block-wise
   * training, {@code cuts} are the numbers of residual units after which a new stage begins, such
   * as 2,4,6, none by default: then there are no stages; {@code tail} true says whether a part's
   * last convolution is trained in the next stage too; {@code projection} 64 gives the widths of
   * the head that nHSIC(Y; Z) is measured behind, none for the pooled features themselves.
   */
  RESNET_18("resnet-18", ResNet.of("2,2,2,2")),

  /** ResNet-34, else as {@link #RESNET_18}; the paper's cuts are 3,7,13. */
  RESNET_34("resnet-34", ResNet.of("3,4,6,3")),

  /**
   * A small vision transformer. Settings: {@code channels} 1, {@code size} 28 (height and width),
   * {@code classes} 10, {@code patch} 4 (height and width of a token's square), {@code width} 64
   * (of a token), {@code layers} 6 (of the encoder), {@code heads} 4 (of attention), {@code hidden}
   * 128 (width of an encoder layer's perceptron). {@code cuts} are the numbers of encoder layers
   * after which a new stage begins, such as 2,4, none by default; {@code tail} and {@code
   * projection} as in {@link #RESNET_18}.
   */
  VIT_SMALL("vit-small", new VisionTransformer());

  private final String label;
  private final Family family;

  Architecture(String label, Family family) {
    this.label = label;
    this.family = family;
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
   * @throws IllegalArgumentException if a setting is unknown or not sound
   */
  public ModelDefinition define(Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>(family.defaults());
    settings.forEach(
        (key, value) -> {
          if (all.put(key, value) == null) {
            throw new IllegalArgumentException(
                "%s has no setting '%s', only %s"
                    .formatted(label, key, new TreeMap<>(family.defaults()).keySet()));
          }
        });
    Settings read = new Settings(label, all);
    return new ModelDefinition(
        label, all, family.inputShape(read), read.number("classes"), family.blocks(read));
  }

  /**
   * Number of the pieces that the setting {@code cuts} counts, such as residual units or encoder
   * layers: cuts lie behind any of them but the last. 0 if the architecture cannot be cut.
   *
   * @param settings those of a {@link #define defined} network
   */
  public int units(Map<String, String> settings) {
    return family.units(new Settings(label, settings));
  }

  /**
   * The network for samples of a data set: its input and {@code classes} follow from them where the
   * settings do not say otherwise.
   *
   * @param sampleShape of one sample
   * @param classes of the data set
   * @throws IllegalArgumentException also if the network cannot take such samples
   */
  public ModelDefinition defineFor(
      List<Integer> sampleShape, int classes, Map<String, String> settings) {
    Map<String, String> fitted = new TreeMap<>(family.settingsFor(sampleShape));
    fitted.put("classes", String.valueOf(classes));
    fitted.putAll(settings);
    ModelDefinition model = define(fitted);
    model.requireFits(sampleShape, classes);
    return model;
  }
}
