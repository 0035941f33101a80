// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

import anabranch.client.data.LocalData;
import anabranch.protocol.message.Plan;
import anabranch.protocol.model.ModelManifest;
import java.util.OptionalLong;

/**
 * Trains on one client's data. Implement it to take part with training code of your own; weights go
 * in and come out as flat vectors, laid out as the manifest says.
 *
 * <p>Simulated clients share one trainer, so it must be safe for several threads; it may let them
 * wait for each other.
 */
public interface LocalTrainer {

  /**
   * Trains the blocks that the task names, within its {@link Subspace} if it has one: whatever
   * leaves it is not sent.
   *
   * @param task what to train, from where and how; its arrays must not be changed
   * @param data the client's own samples; held-out ones may be measured with, never trained on
   * @throws IllegalArgumentException if this trainer cannot train the model or the data do not fit
   *     it; the client then sits out the round
   * @throws InterruptedException if interrupted, while waiting for its turn or while training
   */
  TrainingResult train(TrainingTask task, LocalData data) throws InterruptedException;

  /**
   * Memory that training a plan is expected to take, in bytes beyond what the process has resident
   * when it is idle, Java's heap apart. A client that has declared less sits out the plan. Nothing
   * is fetched yet.
   *
   * @return empty if this trainer cannot tell; what the plan says then counts alone
   */
  default OptionalLong expectedMemory(ModelManifest manifest, Plan plan, LocalData data) {
    return OptionalLong.empty();
  }
}
