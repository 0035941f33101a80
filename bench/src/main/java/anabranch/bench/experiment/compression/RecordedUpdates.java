// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.client.data.LocalData;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import java.util.HashMap;
import java.util.Map;

/**
 * Trains every task once and gives the same changes of the weights whenever it is asked again, so
 * that encodings are compared on the same updates. A task is known by its seed, which is that of
 * client and round.
 */
final class RecordedUpdates implements LocalTrainer {

  private record Recorded(Map<Integer, float[]> changes, TrainingResult result) {}

  private final LocalTrainer trainer;
  private final Map<Long, Recorded> recorded = new HashMap<>();

  RecordedUpdates(LocalTrainer trainer) {
    this.trainer = trainer;
  }

  @Override
  public TrainingResult train(TrainingTask task, LocalData data) throws InterruptedException {
    Recorded known = recorded.get(task.seed());
    if (known == null) {
      TrainingResult result = trainer.train(task, data);
      known = new Recorded(changes(task.weights(), result.blocks()), result);
      recorded.put(task.seed(), known);
    }
    return new TrainingResult(
        changed(task.weights(), known.changes), known.result.samples(), known.result.metrics());
  }

  private static Map<Integer, float[]> changes(
      Map<Integer, float[]> before, Map<Integer, float[]> after) {
    return combine(before, after, -1);
  }

  private static Map<Integer, float[]> changed(
      Map<Integer, float[]> before, Map<Integer, float[]> changes) {
    return combine(before, changes, 1);
  }

  /** Second plus sign times first, by block. */
  private static Map<Integer, float[]> combine(
      Map<Integer, float[]> first, Map<Integer, float[]> second, int sign) {
    Map<Integer, float[]> combined = new HashMap<>();
    second.forEach(
        (block, values) -> {
          float[] other = first.get(block);
          float[] sum = new float[values.length];
          for (int i = 0; i < sum.length; i++) {
            sum[i] = values[i] + sign * other[i];
          }
          combined.put(block, sum);
        });
    return combined;
  }
}
