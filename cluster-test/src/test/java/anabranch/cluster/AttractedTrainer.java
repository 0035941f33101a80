// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import anabranch.client.data.LocalData;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Goes a part of the way to a random point of the client's own: what comes of a round follows from
 * the weights that it began with, bit for bit, and from nothing else.
 *
 * @param client number from 0
 * @param hold a file as long as which exists no training ends
 */
record AttractedTrainer(int client, Path hold) implements LocalTrainer {

  private static final float PART = 0.3f;
  private static final int LOOK_MILLIS = 20;

  @Override
  public TrainingResult train(TrainingTask task, LocalData data) throws InterruptedException {
    while (Files.exists(hold)) {
      Thread.sleep(LOOK_MILLIS);
    }
    Map<Integer, float[]> trained = new HashMap<>();
    for (int block : task.trainBlocks()) {
      SplittableRandom point = new SplittableRandom(100L * client + block);
      float[] vector = task.weights().get(block).clone();
      for (int i = 0; i < vector.length; i++) {
        float away = (float) point.nextDouble(-1, 1) - vector[i];
        vector[i] += PART * away;
      }
      trained.put(block, vector);
    }
    return new TrainingResult(trained, data.train().size(), Map.of());
  }
}
