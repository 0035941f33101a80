// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.memory.Workload;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.protocol.model.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How a network is trained where memory is asked for. */
final class TrainingOptions {

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "samples in a batch, as training.batch-size (default: ${DEFAULT-VALUE})")
  private int batch;

  @Option(
      names = "--momentum",
      paramLabel = "M",
      defaultValue = "0.9",
      description =
          "of the optimizer, as training.momentum; with 0 it keeps nothing"
              + " (default: ${DEFAULT-VALUE})")
  private double momentum;

  @Option(
      names = "--proximal",
      paramLabel = "MU",
      defaultValue = "0",
      description =
          "weight of the proximal term, as training.proximal; above 0 the received values of what is"
              + " trained are kept as well (default: ${DEFAULT-VALUE})")
  private double proximal;

  @Option(
      names = "--restricted",
      description = "training is restricted to what can be sent, as by encoding.restricted")
  private boolean restricted;

  @Option(
      names = "--no-curriculum",
      description = "stages are trained without the nHSIC terms and their projection head")
  private boolean noCurriculum;

  @Option(
      names = "--cuts",
      paramLabel = "N,...",
      description = "short for --model-setting cuts=N,...")
  private String cuts;

  /**
   * @throws IllegalArgumentException if an option is out of range
   */
  void requireSound() {
    if (batch < 1) {
      throw new IllegalArgumentException("--batch must be at least 1, not " + batch);
    }
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("--momentum must be from 0 to below 1, not " + momentum);
    }
    if (!(proximal >= 0 && Double.isFinite(proximal))) {
      throw new IllegalArgumentException("--proximal must be a number from 0, not " + proximal);
    }
  }

  /** The network with the cuts that are asked for. */
  ModelDefinition cut(ModelDefinition model) {
    if (cuts == null) {
      return model;
    }
    Map<String, String> settings = new HashMap<>(model.settings());
    settings.put("cuts", cuts);
    return Architecture.named(model.architecture()).define(settings);
  }

  int batch() {
    return batch;
  }

  /** Bytes that the optimizer keeps. */
  long optimizerBytes(Account account) {
    return account.optimizerBytes(momentum > 0, proximal > 0);
  }

  boolean dependence() {
    return !noCurriculum;
  }

  MemoryNeed need() {
    return new MemoryNeed(batch, momentum > 0, proximal > 0, restricted);
  }

  Workload workload(ModelDefinition model, List<Stage> stages) {
    return new Workload(
        model.architecture(), model.settings(), stages, batch, momentum, proximal, dependence());
  }
}
