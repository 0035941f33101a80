// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.client.model.BlockDefinition;
import anabranch.client.model.Exit;
import anabranch.client.model.Layer;
import anabranch.client.model.ModelDefinition;
import anabranch.protocol.model.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * A network as DepthFL divides it: an exit behind each part, and for a client the first so many
 * exits with all that lies before them.
 *
 * <p>The publication has bottleneck classifiers of separable convolutions at the shallow exits.
 * With the output modules of block-wise training in their place, training all exits takes a tenth
 * more memory than training the whole network: with budgets of at most 900/840 of that nobody could
 * train the deepest part, which ends the deployed model. So a shallow exit is the mean over the
 * image and a linear map, like the deepest, and takes next to nothing.
 */
final class DepthSlice {

  private DepthSlice() {}

  /**
   * The network with its exits.
   *
   * @param staged network with a stage for each exit, whose output module begins with a convolution
   *     where the stage is not the last
   */
  static ModelDefinition network(ModelDefinition staged) {
    List<BlockDefinition> blocks = new ArrayList<>(staged.blocks());
    List<Exit> exits = Exit.ofAll(staged.stages());
    for (Exit exit : exits.subList(0, exits.size() - 1)) {
      BlockDefinition module = blocks.get(exit.output());
      int channels = ((Layer.Convolution) module.layers().get(0)).in();
      String name = module.name();
      blocks.set(
          exit.output(),
          new BlockDefinition(
              name,
              List.of(
                  new Layer.GlobalAveragePool(),
                  new Layer.Dense(name + ".classifier", channels, staged.classes(), true, false))));
    }
    return new ModelDefinition(
        staged.architecture() + "-depthfl",
        staged.settings(),
        staged.inputShape(),
        staged.classes(),
        blocks,
        staged.stages());
  }

  /**
   * What the federation has: rounds of its first stage train all exits, its last one is the
   * deployed model.
   *
   * @param network with its exits
   */
  static ModelDefinition federated(ModelDefinition network) {
    List<Stage> stages = network.stages();
    Stage together = new Stage(Exit.blocks(Exit.ofAll(stages)), List.of());
    return withStages(network, List.of(together, stages.get(stages.size() - 1)));
  }

  /**
   * What a client has.
   *
   * @param network with its exits
   * @param depth number of exits, at least 1
   */
  static ModelDefinition prefix(ModelDefinition network, int depth) {
    return withStages(network, network.stages().subList(0, depth));
  }

  private static ModelDefinition withStages(ModelDefinition network, List<Stage> stages) {
    return new ModelDefinition(
        network.architecture(),
        network.settings(),
        network.inputShape(),
        network.classes(),
        network.blocks(),
        stages);
  }
}
