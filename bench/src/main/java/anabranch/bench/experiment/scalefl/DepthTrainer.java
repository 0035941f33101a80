// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.scalefl;

import anabranch.client.data.LocalData;
import anabranch.client.model.Exit;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.protocol.model.ModelManifest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Trains the first exits of a network together, each of them by the labels and by what the others
 * answer, and leaves deeper blocks as they were received: the client of DepthFL. The publication
 * combines that with FedDyn's regularisation, which is not done here, as with the other methods.
 */
final class DepthTrainer implements LocalTrainer {

  private static final int RING = 2;

  /** The authors' exits come to teach each other over the first 300 of 1000 rounds. */
  private static final double RAMP = 0.3;

  private static final double STEEPNESS = 5;

  private final TorchTrainer trainer;
  private final ModelManifest manifest;
  private final Set<Integer> blocks;
  private final int rounds;

  /**
   * @param trainer that trains them
   * @param own what this client has, with a stage for each exit
   * @param rounds of the whole run
   */
  DepthTrainer(TorchTrainer trainer, ModelDefinition own, int rounds) {
    this.trainer = trainer;
    this.manifest = own.manifest(RING);
    this.blocks = Set.copyOf(Exit.blocks(Exit.ofAll(own.stages())));
    this.rounds = rounds;
  }

  /**
   * Weight of what exits learn from each other, above 0 to 1.
   *
   * @param completedRounds before this one
   * @param rounds of the whole run
   */
  static double distillation(long completedRounds, int rounds) {
    double missing = Math.max(0, 1 - completedRounds / (RAMP * rounds));
    return Math.exp(-STEEPNESS * missing * missing);
  }

  @Override
  public TrainingResult train(TrainingTask task, LocalData data) throws InterruptedException {
    Map<Integer, float[]> received = new HashMap<>(task.weights());
    received.keySet().retainAll(blocks);
    List<Integer> trainBlocks = task.trainBlocks().stream().filter(blocks::contains).toList();
    TrainingResult trained =
        trainer.trainExits(
            new TrainingTask(
                manifest,
                received,
                trainBlocks,
                task.settings(),
                task.round(),
                task.stage(),
                task.lambda(),
                task.gamma(),
                task.seed()),
            data,
            distillation(task.round() - 1, rounds));
    Map<Integer, float[]> whole = new HashMap<>();
    task.trainBlocks().forEach(block -> whole.put(block, task.weights().get(block)));
    whole.putAll(trained.blocks());
    return new TrainingResult(whole, trained.samples(), trained.metrics());
  }
}
