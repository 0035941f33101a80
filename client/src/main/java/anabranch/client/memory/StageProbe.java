// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.TrainingTask;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.protocol.model.Stage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Measures the memory that training a stage takes, in a process that does nothing else: how much
 * more is resident at most than with the idle engine.
 *
 * <p>The process has a heap of fixed size that is resident from the beginning and one malloc arena.
 * The engine is idle when it has trained something tiny. Then the stage is trained twice, first to
 * warm up, and the peak of the second time counts: it includes weights, gradients, the optimizer's
 * state, activations and whatever the libraries need.
 */
public final class StageProbe {

  private static final int WARM_UP_BATCHES = 1;
  private static final int BATCHES = 2;

  private StageProbe() {}

  /**
   * A median of several processes, one after the other.
   *
   * @param workload with the stage to be measured as its only one
   * @param repeat number of processes
   * @return bytes above the idle engine
   * @throws IOException if a process fails, or this system does not tell
   */
  public static long median(Workload workload, int repeat)
      throws IOException, InterruptedException {
    long[] increments = new long[repeat];
    for (int i = 0; i < repeat; i++) {
      increments[i] = ProbeProcess.run(workload, Long.class, ProbeMain.MEMORY);
    }
    Arrays.sort(increments);
    return increments[repeat / 2];
  }

  /** What the process does. */
  static long increment(Workload workload) throws InterruptedException {
    TorchTrainer trainer = new TorchTrainer();
    ModelDefinition model = workload.model();
    train(trainer, tiny(), 1);
    TrainingTask task = workload.task(model, workload.stages().get(0));
    long idle = resident();
    trainer.train(task, workload.samples(model, WARM_UP_BATCHES));
    PeakMemory memory = PeakMemory.begin();
    trainer.train(task, workload.samples(model, BATCHES));
    return memory.bytes().orElseThrow(StageProbe::untold) - idle;
  }

  private static void train(TorchTrainer trainer, Workload workload, int batches)
      throws InterruptedException {
    ModelDefinition model = workload.model();
    trainer.train(workload.task(model, workload.stages().get(0)), workload.samples(model, batches));
  }

  private static Workload tiny() {
    Map<String, String> settings = Map.of("hidden", "8");
    Stage whole = Account.whole(Architecture.MLP.define(settings));
    return new Workload(Architecture.MLP.label(), settings, List.of(whole), 8, 0, 0, false);
  }

  private static long resident() {
    return PeakMemory.resident().orElseThrow(StageProbe::untold);
  }

  private static IllegalStateException untold() {
    return new IllegalStateException(
        "this system does not tell a process's resident memory: measure on Linux");
  }
}
