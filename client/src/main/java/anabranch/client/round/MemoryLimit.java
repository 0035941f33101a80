// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.protocol.message.Plan;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The memory that a client gives to training.
 *
 * @param bytes 0 where it does not say
 */
record MemoryLimit(long bytes) {

  private static final double MEBIBYTE = 1 << 20;

  /** A plan is not for this client: training it would take more memory than it gives. */
  static final class Exceeded extends RuntimeException {

    private static final long serialVersionUID = 1;

    Exceeded(String message) {
      super(message);
    }
  }

  /**
   * Refuses a plan that does not fit.
   *
   * @param expected tells what the trainer expects to take, in bytes, empty where it cannot tell;
   *     asked only of a client that has declared its memory
   * @throws Exceeded if the plan or the trainer says that it takes more
   */
  void require(Plan plan, Supplier<OptionalLong> expected) {
    if (bytes > 0) {
      require(plan.requiredMemoryBytes(), "needs", plan);
      require(expected.get().orElse(0), "would take", plan);
    }
  }

  private void require(long need, String takes, Plan plan) {
    if (need > bytes) {
      throw new Exceeded(
          "stage %d %s %.1f MiB of memory for batches of %d and this client gives %.1f MiB: it waits for the next plan"
              .formatted(
                  plan.stage(),
                  takes,
                  need / MEBIBYTE,
                  plan.training().batchSize(),
                  bytes / MEBIBYTE));
    }
  }
}
