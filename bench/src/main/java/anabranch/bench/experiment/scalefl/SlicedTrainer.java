// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.client.data.LocalData;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.model.ModelManifest;
import java.util.HashMap;
import java.util.Map;

/**
 * Trains a window of the channels of every layer and leaves the rest as it was received: the client
 * of HeteroFL and, where the window moves from round to round, of FedRolex. Both publications train
 * with batch normalisation that keeps no statistics and scale activations up by the share of the
 * channels. Group normalisation makes the scaling needless. It makes no slice alike by itself: a
 * channel's mean and deviation are those of its group, so slices have whole groups of the wide
 * network, and FedRolex moves by a group a round where the publication moves by a channel. Slices
 * narrower than a group normalise over the part of it that they have.
 */
final class SlicedTrainer implements LocalTrainer {

  private static final int RING = 2;

  private final LocalTrainer trainer;
  private final ModelDefinition wide;
  private final ModelDefinition narrow;
  private final ModelManifest manifest;
  private final boolean rolls;

  /**
   * @param trainer that trains the narrow network
   * @param wide the network of the federation
   * @param narrow the network of this client
   * @param rolls whether the window begins one group of channels further in every round
   */
  SlicedTrainer(LocalTrainer trainer, ModelDefinition wide, ModelDefinition narrow, boolean rolls) {
    this.trainer = trainer;
    this.wide = wide;
    this.narrow = narrow;
    this.manifest = narrow.manifest(RING);
    this.rolls = rolls;
  }

  @Override
  public TrainingResult train(TrainingTask task, LocalData data) throws InterruptedException {
    ChannelSlice slice = new ChannelSlice(wide, narrow, rolls ? task.round() : 0);
    Map<Integer, float[]> received = new HashMap<>();
    task.weights().forEach((block, vector) -> received.put(block, slice.cut(block, vector)));
    TrainingResult trained =
        trainer.train(
            new TrainingTask(
                manifest,
                received,
                task.trainBlocks(),
                task.settings(),
                task.round(),
                task.stage(),
                task.lambda(),
                task.gamma(),
                task.seed()),
            data);
    Map<Integer, float[]> whole = new HashMap<>();
    trained
        .blocks()
        .forEach(
            (block, vector) ->
                whole.put(block, slice.put(block, task.weights().get(block), vector)));
    return new TrainingResult(whole, trained.samples(), trained.metrics());
  }
}
