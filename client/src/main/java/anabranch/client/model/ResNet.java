// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import anabranch.client.model.Layer.AddShortcut;
import anabranch.client.model.Layer.BatchNorm;
import anabranch.client.model.Layer.Convolution;
import anabranch.client.model.Layer.Dense;
import anabranch.client.model.Layer.GlobalAveragePool;
import anabranch.client.model.Layer.GroupNorm;
import anabranch.client.model.Layer.MaxPool;
import anabranch.client.model.Layer.ProjectionHead;
import anabranch.client.model.Layer.PushShortcut;
import anabranch.client.model.Layer.Relu;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Residual networks of two 3 × 3 convolutions a unit (He et al. 2016, arXiv:1512.03385).
 *
 * <p>The units lie in groups of one width; every group but the first begins by halving height and
 * width. For block-wise training a part ends behind a unit; its tail is the second convolution of
 * its last unit, with the normalisation. The output module of a stage has one linear 3 × 3
 * convolution of stride 2 for every group that is not there yet, then pooling and the classifier,
 * as in the authors' code of NeuLite (arXiv:2408.10826).
 *
 * @param defaults of all settings
 */
record ResNet(Map<String, String> defaults) implements Family {

  /** Small enough for two cores and 28 × 28 images. */
  static ResNet small() {
    Map<String, String> defaults = new TreeMap<>();
    defaults.put("channels", "1");
    defaults.put("size", "28");
    defaults.put("classes", "10");
    defaults.put("layers", "2,2,2,2");
    defaults.put("widths", "8,16,32,64");
    defaults.put("norm", "group");
    defaults.put("groups", "4");
    defaults.put("stem", "3x3");
    defaults.put("cuts", "");
    defaults.put("tail", "true");
    defaults.put("projection", "64");
    return new ResNet(defaults);
  }

  /** One of the paper's networks, with batch normalisation, for 32 × 32 colour images. */
  static ResNet of(String layers) {
    Map<String, String> defaults = new TreeMap<>(small().defaults());
    defaults.put("channels", "3");
    defaults.put("size", "32");
    defaults.put("layers", layers);
    defaults.put("widths", "64,128,256,512");
    defaults.put("norm", "batch");
    return new ResNet(defaults);
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
    return settings.numbers("layers").stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public StagedBlocks blocks(Settings settings) {
    return new Plan(settings).blocks();
  }

  /** One network of the family. */
  private static final class Plan {

    private final Settings settings;
    private final List<Integer> layers;
    private final List<Integer> widths;
    private final boolean batchNorm;
    private final int normGroups;
    private final List<Integer> cuts;
    private final boolean tails;
    private final List<Integer> projection;

    Plan(Settings settings) {
      this.settings = settings;
      this.layers = settings.numbers("layers");
      this.widths = settings.numbers("widths");
      this.batchNorm = settings.choice("norm", "group", "batch").equals("batch");
      this.normGroups = settings.number("groups");
      int units = layers.stream().mapToInt(Integer::intValue).sum();
      this.cuts = settings.cuts(units, "residual units");
      this.tails = settings.flag("tail");
      this.projection = settings.numbersIfAny("projection");
      if (layers.size() != widths.size()) {
        throw settings.refused("widths", "as many numbers as 'layers' has");
      }
      if (!batchNorm && widths.stream().anyMatch(width -> width % normGroups != 0)) {
        throw settings.refused("groups", "a divisor of each of 'widths'");
      }
    }

    StagedBlocks blocks() {
      List<StagedBlocks.Unit> units = new ArrayList<>();
      // The group of each unit.
      List<Integer> groups = new ArrayList<>();
      for (int group = 0; group < widths.size(); group++) {
        for (int i = 0; i < layers.get(group); i++) {
          units.add(unit(units.size() + 1, group, i == 0));
          groups.add(group);
        }
      }
      if (cuts.isEmpty()) {
        List<Integer> ends =
            IntStream.range(1, units.size())
                .filter(i -> !groups.get(i).equals(groups.get(i - 1)))
                .boxed()
                .toList();
        int last = widths.size() - 1;
        return StagedBlocks.whole(
            StagedBlocks.parts(stem(), units, ends, false), classifier("output", last));
      }
      List<List<Layer>> outputs = new ArrayList<>();
      cuts.forEach(cut -> outputs.add(output(outputs.size() + 1, groups.get(cut - 1))));
      outputs.add(output(outputs.size() + 1, widths.size() - 1));
      return StagedBlocks.of(StagedBlocks.parts(stem(), units, cuts, tails), outputs);
    }

    private List<Layer> stem() {
      int channels = settings.number("channels");
      int width = widths.get(0);
      boolean large = settings.choice("stem", "3x3", "imagenet").equals("imagenet");
      List<Layer> stem = new ArrayList<>();
      stem.add(
          large
              ? Convolution.beforeNorm("stem.conv", channels, width, 7, 2)
              : Convolution.beforeNorm("stem.conv", channels, width, 3, 1));
      stem.add(norm("stem.norm", width));
      stem.add(new Relu());
      if (large) {
        stem.add(new MaxPool(3, 2, 1));
      }
      return stem;
    }

    private StagedBlocks.Unit unit(int number, int group, boolean first) {
      String name = "unit" + number;
      int width = widths.get(group);
      boolean narrows = first && group > 0;
      int before = narrows ? widths.get(group - 1) : width;
      int stride = narrows ? 2 : 1;
      PushShortcut shortcut =
          narrows
              ? new PushShortcut(
                  List.of(
                      Convolution.beforeNorm(name + ".shortcut", before, width, 1, stride),
                      norm(name + ".shortcutnorm", width)))
              : new PushShortcut();
      return new StagedBlocks.Unit(
          List.of(
              shortcut,
              Convolution.beforeNorm(name + ".conv1", before, width, 3, stride),
              norm(name + ".norm1", width),
              new Relu()),
          List.of(
              Convolution.beforeNorm(name + ".conv2", width, width, 3, 1),
              norm(name + ".norm2", width),
              new AddShortcut(),
              new Relu()));
    }

    private Layer norm(String name, int width) {
      return batchNorm ? new BatchNorm(name, width) : new GroupNorm(name, width, normGroups);
    }

    /** The output module of a stage whose last unit lies in a group. */
    private List<Layer> output(int stage, int group) {
      String name = "output" + stage;
      int last = widths.size() - 1;
      List<Layer> output = new ArrayList<>();
      for (int next = group + 1; next <= last; next++) {
        output.add(
            Convolution.surrogate(
                name + ".surrogate" + (next + 1), widths.get(next - 1), widths.get(next), 2));
      }
      output.add(new ProjectionHead(name + ".projection", widths.get(last), projection));
      output.addAll(classifier(name + ".classifier", last));
      return output;
    }

    private List<Layer> classifier(String name, int group) {
      int classes = settings.number("classes");
      return List.of(
          new GlobalAveragePool(), new Dense(name, widths.get(group), classes, true, false));
    }
  }
}
