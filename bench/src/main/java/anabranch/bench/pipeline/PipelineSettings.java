// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.pipeline;

import anabranch.bench.testbed.Codec;
import java.util.List;

/**
 * What is measured.
 *
 * @param parameters of the model
 * @param clients whose updates make a round
 * @param codec of the updates
 * @param order of their records in the log
 * @param parallelism of the job
 * @param stateBackend {@code hashmap} or {@code rocksdb}
 * @param warmUp rounds that go before those that are measured, while the JVMs compile
 * @param rounds that are measured
 * @param holdBudget {@code hold.budget} of the federation
 * @param configuration of the federation beside that, each of the form {@code key=value}
 */
public record PipelineSettings(
    int parameters,
    int clients,
    Codec codec,
    PartsOrder order,
    int parallelism,
    String stateBackend,
    int warmUp,
    int rounds,
    String holdBudget,
    List<String> configuration) {

  public PipelineSettings {
    configuration = List.copyOf(configuration);
  }

  /** The same with another model, other clients and another number of rounds. */
  PipelineSettings with(int otherParameters, int otherClients, int otherRounds) {
    return new PipelineSettings(
        otherParameters,
        otherClients,
        codec,
        order,
        parallelism,
        stateBackend,
        warmUp,
        otherRounds,
        holdBudget,
        configuration);
  }
}
