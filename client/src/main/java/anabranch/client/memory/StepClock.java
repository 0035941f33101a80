// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import anabranch.client.data.Dataset;
import anabranch.client.data.LocalData;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.TrainingTask;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.protocol.model.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures how long a training step takes, in a process of its own: the stages take turns, so that
 * whatever else the machine does meets them all alike.
 */
public final class StepClock {

  private StepClock() {}

  /**
   * Medians over turns, after one to warm up.
   *
   * @param workload with the stages that take turns
   * @param turns at least 1
   * @return seconds of a step of each stage
   * @throws IOException if the process fails
   */
  public static List<Double> medians(Workload workload, int turns)
      throws IOException, InterruptedException {
    return Arrays.stream(
            ProbeProcess.run(workload, double[].class, ProbeMain.TIME, String.valueOf(turns)))
        .boxed()
        .toList();
  }

  /** What the process does. */
  static double[] times(Workload workload, int turns) throws InterruptedException {
    TorchTrainer trainer = new TorchTrainer();
    ModelDefinition model = workload.model();
    LocalData oneBatch = workload.samples(model, 1);
    List<TrainingTask> tasks = new ArrayList<>();
    for (Stage stage : workload.stages()) {
      tasks.add(workload.task(model, stage));
    }
    double[][] seconds = new double[tasks.size()][turns];
    for (int turn = -1; turn < turns; turn++) {
      for (int i = 0; i < tasks.size(); i++) {
        double taken = step(trainer, tasks.get(i), oneBatch);
        if (turn >= 0) {
          seconds[i][turn] = taken;
        }
      }
    }
    return Arrays.stream(seconds).mapToDouble(StepClock::median).toArray();
  }

  /** From the moment in which the batch is asked for, so without the loading of the weights. */
  private static double step(TorchTrainer trainer, TrainingTask task, LocalData oneBatch)
      throws InterruptedException {
    Started samples = new Started(oneBatch.train());
    trainer.train(task, LocalData.withoutHeldOut(samples));
    return (System.nanoTime() - samples.at) / 1e9;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** Samples that note when the first of them was asked for. */
  private static final class Started implements Dataset {

    private final Dataset samples;
    private long at;

    Started(Dataset samples) {
      this.samples = samples;
    }

    @Override
    public int size() {
      return samples.size();
    }

    @Override
    public List<Integer> shape() {
      return samples.shape();
    }

    @Override
    public int classes() {
      return samples.classes();
    }

    @Override
    public int label(int sample) {
      return samples.label(sample);
    }

    @Override
    public void copyFeatures(int sample, float[] target, int offset) {
      if (at == 0) {
        at = System.nanoTime();
      }
      samples.copyFeatures(sample, target, offset);
    }
  }
}
