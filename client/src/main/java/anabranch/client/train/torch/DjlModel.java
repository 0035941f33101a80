// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.util.Pair;
import anabranch.client.model.Initial;
import anabranch.client.model.Layer;
import anabranch.client.model.ModelDefinition;
import anabranch.client.model.StagedBlocks;
import anabranch.client.model.TensorDefinition;
import anabranch.protocol.model.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A user's own DJL network as a model of a federation, in stages if it declares cuts:
 *
 * <pre>{@code
 * DjlModel model =
 *     DjlModel.builder("my-net", new SequentialBlock().add(...).add(...))
 *         .samples(List.of(1, 28, 28), 10)
 *         .cuts(4, 8) // a part ends behind the 4th child, another behind the 8th
 *         .output(11) // what follows the 11th child is the classifier
 *         .build();
 * ModelDefinition definition = model.definition(); // manifest and version 0, to be published
 * LocalTrainer trainer = new TorchTrainer(model);
 * Evaluator evaluator = new TorchEvaluator(model);
 * }</pre>
 *
 * <p>The block serves as a function only: it is computed with the values of the federation's model,
 * which begins with values drawn by {@link ModelDefinition#initialWeights}, not by the block's own
 * initialisers. A parameter is trained unless it is frozen; running statistics are averaged. Every
 * client builds the same network under the same name.
 *
 * @param definition blocks, tensors and stages
 */
public record DjlModel(ModelDefinition definition) {

  /**
   * Begins with the network.
   *
   * @param name that goes into the manifest as the architecture, none of those that are shipped
   * @param network its children are computed one after the other; it is initialised here and must
   *     not be changed or trained elsewhere
   */
  public static Builder builder(String name, SequentialBlock network) {
    return new Builder(name, network);
  }

  /** Where the network is cut. */
  public static final class Builder {

    private final String name;
    private final SequentialBlock network;
    private List<Integer> sampleShape;
    private int classes;
    private List<Integer> cuts = List.of();
    private Integer output;
    private int tail;
    private List<Integer> projection = List.of(64);

    private Builder(String name, SequentialBlock network) {
      this.name = name;
      this.network = network;
    }

    /**
     * @param shape of one sample, such as (channels, height, width)
     * @param classes number of logits
     */
    public Builder samples(List<Integer> shape, int classes) {
      this.sampleShape = List.copyOf(shape);
      this.classes = classes;
      return this;
    }

    /**
     * Numbers of children after which a new stage begins, rising; none for a model without stages.
     */
    public Builder cuts(Integer... children) {
      this.cuts = List.of(children);
      return this;
    }

    /** Number of children before the output module of the whole network, which is the rest. */
    public Builder output(int children) {
      this.output = children;
      return this;
    }

    /**
     * Number of children at the end of each part but the last that are trained in the next stage
     * too; 0 by default.
     */
    public Builder tail(int children) {
      this.tail = children;
      return this;
    }

    /** Widths of the projection heads, see {@link Layer.ProjectionHead}; 64 by default. */
    public Builder projection(Integer... widths) {
      this.projection = List.of(widths);
      return this;
    }

    /**
     * The model. The output module of a stage but the last stands in for what is not there yet: for
     * images, a linear 3 × 3 convolution for every later part that changes channels or size; then
     * the mean and a linear classifier.
     *
     * @throws IllegalArgumentException if samples, cuts or output are missing or not sound, or the
     *     network does not end in one logit a class
     */
    public DjlModel build() {
      requireSound();
      List<DjlLayer> layers = new ArrayList<>();
      List<Shape> shapes = new ArrayList<>();
      try (NDManager manager = Torch.openManager()) {
        Shape shape = new Shape(1).addAll(shapeOf(sampleShape));
        network.initialize(manager, DataType.FLOAT32, shape);
        for (Pair<String, Block> child : network.getChildren()) {
          layers.add(layer(child.getKey(), child.getValue()));
          shape = child.getValue().getOutputShapes(new Shape[] {shape})[0];
          shapes.add(shape);
        }
      }
      Shape logits = shapes.get(shapes.size() - 1);
      if (!logits.equals(new Shape(1, classes))) {
        throw new IllegalArgumentException(
            "%s ends in %s for one sample, it must end in one logit for each of %d classes"
                .formatted(name, logits, classes));
      }
      StagedBlocks blocks = blocks(layers, shapes);
      return new DjlModel(
          new ModelDefinition(
              name, settings(), sampleShape, classes, blocks.blocks(), blocks.stages()));
    }

    private void requireSound() {
      if (sampleShape == null) {
        throw new IllegalArgumentException(name + " needs samples(shape, classes)");
      }
      if (output == null || output < 1 || output >= network.getChildren().size()) {
        throw new IllegalArgumentException(
            "%s needs output(children), from 1 to %d: the output module is what follows them"
                .formatted(name, network.getChildren().size() - 1));
      }
      int before = 0;
      for (int cut : cuts) {
        if (cut - before <= tail || cut >= output) {
          throw new IllegalArgumentException(
              "%s cannot be cut at %s: cuts rise by more than the tail's %d children, below %d"
                  .formatted(name, cuts, tail, output));
        }
        before = cut;
      }
    }

    private Map<String, String> settings() {
      return Map.of(
          "cuts", text(cuts),
          "output", output.toString(),
          "tail", String.valueOf(tail),
          "projection", text(projection));
    }

    private static String text(List<Integer> numbers) {
      return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private StagedBlocks blocks(List<DjlLayer> layers, List<Shape> shapes) {
      List<Integer> ends = new ArrayList<>(cuts);
      ends.add(output);
      List<StagedBlocks.Part> parts = new ArrayList<>();
      int from = 0;
      for (int end : ends) {
        int tailFrom = end == output ? end : end - tail;
        parts.add(
            new StagedBlocks.Part(
                List.copyOf(layers.subList(from, tailFrom)),
                List.copyOf(layers.subList(tailFrom, end))));
        from = end;
      }
      List<Layer> last = List.copyOf(layers.subList(output, layers.size()));
      if (cuts.isEmpty()) {
        return StagedBlocks.whole(parts, last);
      }
      List<Shape> features = ends.stream().map(end -> shapes.get(end - 1)).toList();
      List<List<Layer>> outputs = new ArrayList<>();
      for (int stage = 1; stage <= cuts.size(); stage++) {
        outputs.add(standIn("output" + stage, features.subList(stage - 1, features.size())));
      }
      List<Layer> whole = new ArrayList<>();
      whole.add(head("output" + ends.size(), features.get(features.size() - 1)));
      whole.addAll(last);
      outputs.add(whole);
      return StagedBlocks.of(parts, outputs);
    }

    /**
     * @param features shapes behind the stage's part and behind each later one
     */
    private List<Layer> standIn(String stage, List<Shape> features) {
      List<Layer> layers = new ArrayList<>();
      Shape shape = features.get(0);
      for (Shape next : features.subList(1, features.size())) {
        if (shape.dimension() == 4 && next.dimension() == 4 && !next.equals(shape)) {
          int stride = (int) Math.max(1, Math.round((double) shape.get(2) / next.get(2)));
          layers.add(
              Layer.Convolution.surrogate(
                  stage + ".surrogate" + (layers.size() + 1),
                  channels(shape),
                  channels(next),
                  stride));
          shape = next;
        }
      }
      layers.add(head(stage, shape));
      if (shape.dimension() > 2) {
        layers.add(new Layer.GlobalAveragePool());
      }
      layers.add(new Layer.Dense(stage + ".classifier", channels(shape), classes, true, false));
      return layers;
    }

    private Layer head(String stage, Shape features) {
      return new Layer.ProjectionHead(stage + ".projection", channels(features), projection);
    }

    /** Of images, of tokens or of flat features. */
    private static int channels(Shape features) {
      return (int) features.get(features.dimension() == 3 ? 2 : 1);
    }

    private static DjlLayer layer(String name, Block child) {
      List<TensorDefinition> tensors = new ArrayList<>();
      Map<String, String> names = new HashMap<>();
      for (Pair<String, Parameter> parameter : child.getParameters()) {
        TensorDefinition tensor = tensor(name + "." + parameter.getKey(), parameter.getValue());
        tensors.add(tensor);
        names.put(parameter.getValue().getId(), tensor.name());
      }
      return new DjlLayer(child, tensors, names);
    }

    private static TensorDefinition tensor(String name, Parameter parameter) {
      List<Integer> shape =
          IntStream.range(0, parameter.getShape().dimension())
              .map(axis -> (int) parameter.getShape().get(axis))
              .boxed()
              .toList();
      Role role = parameter.requiresGradient() ? Role.PARAMETER : Role.BUFFER;
      return new TensorDefinition(name, shape, role, initial(parameter.getType(), shape));
    }

    private static Initial initial(Parameter.Type type, List<Integer> shape) {
      int fanIn = shape.stream().skip(1).reduce(1, Math::multiplyExact);
      return switch (type) {
        case WEIGHT -> Initial.beforeRelu(fanIn);
        case GAMMA, RUNNING_VAR -> Initial.ONE;
        case BIAS, BETA, RUNNING_MEAN -> Initial.ZERO;
        case OTHER -> shape.size() > 1 ? Initial.linear(fanIn) : Initial.ZERO;
      };
    }

    private static Shape shapeOf(List<Integer> axes) {
      return new Shape(axes.stream().mapToLong(Integer::longValue).toArray());
    }
  }
}
