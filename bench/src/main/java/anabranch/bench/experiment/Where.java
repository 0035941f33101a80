// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import anabranch.bench.federation.ClusterFederation;
import anabranch.bench.federation.CompletedRound;
import anabranch.bench.federation.InProcessFederation;
import anabranch.client.fleet.FleetClient;
import anabranch.client.model.ModelDefinition;
import anabranch.job.config.FederationConfig;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/** Where a federation runs; both make the same model, bit for bit. */
public enum Where {
  /** Through a broker and a Flink cluster. */
  @JsonProperty("cluster")
  CLUSTER,

  /** In one thread, see {@link anabranch.bench.federation}. */
  @JsonProperty("driver")
  DRIVER;

  /** An address that nobody asks. */
  public static final String NO_BROKER = "localhost:9092";

  /**
   * Runs a federation to its last round.
   *
   * @param config of the federation, given the address of a broker
   * @param model its network
   * @param weights of version 0, flat vectors by block index
   * @param completed is told of each round that made a version
   * @throws anabranch.bench.federation.DivergedException if a client cannot train or a record is
   *     refused
   * @throws IllegalStateException if a round fails
   */
  public void run(
      Function<String, FederationConfig> config,
      ModelDefinition model,
      List<float[]> weights,
      List<FleetClient> clients,
      Consumer<CompletedRound> completed)
      throws Exception {
    switch (this) {
      case CLUSTER -> new ClusterFederation(config, model, weights, clients).run(completed);
      case DRIVER ->
          new InProcessFederation(config.apply(NO_BROKER), model, weights, clients).run(completed);
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
