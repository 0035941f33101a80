// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.client.model.Layer.AddShortcut;
import anabranch.client.model.Layer.Attention;
import anabranch.client.model.Layer.Dense;
import anabranch.client.model.Layer.Gelu;
import anabranch.client.model.Layer.GlobalAveragePool;
import anabranch.client.model.Layer.LayerNorm;
import anabranch.client.model.Layer.PatchEmbedding;
import anabranch.client.model.Layer.ProjectionHead;
import anabranch.client.model.Layer.PushShortcut;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Vision transformers (Dosovitskiy et al. 2021, arXiv:2010.11929) with normalisation before each
 * half of an encoder layer, and the mean over the tokens in place of a class token.
 *
 * <p>For block-wise training a part ends behind an encoder layer; its tail is the second half of
 * its last layer, the perceptron. The output module of a stage is a normalisation, the mean and the
 * classifier: encoder layers change no shape, so nothing has to stand in for missing ones.
 */
record VisionTransformer() implements Family {

  @Override
  public Map<String, String> defaults() {
    return Map.ofEntries(
        Map.entry("channels", "1"),
        Map.entry("size", "28"),
        Map.entry("classes", "10"),
        Map.entry("patch", "4"),
        Map.entry("width", "64"),
        Map.entry("layers", "6"),
        Map.entry("heads", "4"),
        Map.entry("hidden", "128"),
        Map.entry("cuts", ""),
        Map.entry("tail", "true"),
        Map.entry("projection", "64"));
  }

  @Override
  public Map<String, String> settingsFor(List<Integer> sampleShape) {
    return SquareImage.settingsFor(sampleShape);
  }

  @Override
  public List<Integer> inputShape(Settings settings) {
    return SquareImage.shape(settings);
  }

  @Override
  public int units(Settings settings) {
    return settings.number("layers");
  }

  @Override
  public StagedBlocks blocks(Settings settings) {
    int layers = settings.number("layers");
    int width = settings.number("width");
    List<StagedBlocks.Unit> units =
        IntStream.rangeClosed(1, layers).mapToObj(i -> encoderLayer(settings, i)).toList();
    List<Integer> cuts = settings.cuts(layers, "encoder layers");
    boolean tails = settings.flag("tail");
    List<Integer> projection = settings.numbersIfAny("projection");
    if (cuts.isEmpty()) {
      List<Integer> ends = IntStream.range(1, layers).boxed().toList();
      return StagedBlocks.whole(
          StagedBlocks.parts(embedding(settings), units, ends, false),
          classifier(settings, "output"));
    }
    List<List<Layer>> outputs = new ArrayList<>();
    for (int stage = 1; stage <= cuts.size() + 1; stage++) {
      String name = "output" + stage;
      List<Layer> output = new ArrayList<>(classifier(settings, name));
      // Behind the normalisation.
      output.add(1, new ProjectionHead(name + ".projection", width, projection));
      outputs.add(output);
    }
    return StagedBlocks.of(StagedBlocks.parts(embedding(settings), units, cuts, tails), outputs);
  }

  private static List<Layer> embedding(Settings settings) {
    int patch = settings.number("patch");
    int size = settings.number("size");
    if (size % patch != 0) {
      throw settings.refused("patch", "a divisor of 'size', which is " + size);
    }
    int side = size / patch;
    return List.of(
        new PatchEmbedding(
            "embedding",
            settings.number("channels"),
            patch,
            side * side,
            settings.number("width")));
  }

  private static StagedBlocks.Unit encoderLayer(Settings settings, int number) {
    String name = "layer" + number;
    int width = settings.number("width");
    int heads = settings.number("heads");
    int hidden = settings.number("hidden");
    if (width % heads != 0) {
      throw settings.refused("heads", "a divisor of 'width', which is " + width);
    }
    return new StagedBlocks.Unit(
        List.of(
            new PushShortcut(),
            new LayerNorm(name + ".norm1", width),
            new Attention(name + ".attention", width, heads),
            new AddShortcut()),
        List.of(
            new PushShortcut(),
            new LayerNorm(name + ".norm2", width),
            new Dense(name + ".hidden", width, hidden),
            new Gelu(),
            new Dense(name + ".output", hidden, width, true, false),
            new AddShortcut()));
  }

  private static List<Layer> classifier(Settings settings, String name) {
    int width = settings.number("width");
    return List.of(
        new LayerNorm(name + ".norm", width),
        new GlobalAveragePool(),
        new Dense(name + ".classifier", width, settings.number("classes"), true, false));
  }
}
