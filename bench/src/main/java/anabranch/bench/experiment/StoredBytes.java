// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import anabranch.bench.federation.InProcessFederation;
import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.FederatedDataset;
import anabranch.client.data.LocalData;
import anabranch.client.data.Partition;
import anabranch.client.model.ModelChoice;
import anabranch.client.model.ModelDefinition;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an update and a version of a model take in Kafka's log under an encoding, on updates that
 * are trained once and then the same for all. The first round is left out: error feedback begins
 * there, and clients read the whole model.
 */
public final class StoredBytes {

  private static final int CLIENTS = 4;
  private static final int ROUNDS = 6;
  private static final int SEED = 1;
  private static final String SHARES = "shard(2)";

  private final ModelDefinition model;
  private final List<LocalData> shares;
  private final RecordedUpdates updates = new RecordedUpdates(new TorchTrainer());

  /**
   * Bytes of one client and one round, on average.
   *
   * @param preset of the encoding
   * @param parameters of the model
   * @param update records of an update, as they are stored
   * @param payload index and value bytes in them
   * @param version what a client reads of a new version that has the one before, as it is stored
   * @param announcement what it reads beside it of plans and receipts
   */
  public record Row(
      String preset,
      long parameters,
      double update,
      double payload,
      double version,
      double announcement) {

    /** Share of an update that is no payload. */
    public double envelope() {
      return 1 - payload / update;
    }
  }

  /**
   * @param architecture label of the network
   * @throws IOException if the data cannot be read
   */
  public StoredBytes(String architecture) throws IOException {
    FederatedDataset data = DatasetCatalog.FASHION_MNIST.open(Optional.empty());
    model = ModelChoice.of(data, architecture, Map.of());
    shares =
        Partition.parse(SHARES).divide(data.train(), 5 * CLIENTS, SEED).stream()
            .limit(CLIENTS)
            .map(share -> LocalData.withoutHeldOut(data.train().subset(share)))
            .toList();
  }

  /**
   * @throws IllegalArgumentException if the preset is not sound
   */
  public Row measure(Preset preset) throws InterruptedException {
    InProcessFederation federation =
        new InProcessFederation(config(preset), model, model.initialWeights(SEED), shares, updates);
    List<double[]> totals = new ArrayList<>();
    federation.run(
        round ->
            totals.add(
                new double[] {
                  round.uplinkBytes(),
                  federation.payloadBytes(),
                  round.downlinkBytes() - federation.announcementBytes(),
                  federation.announcementBytes()
                }));
    double[] mean = new double[4];
    for (int i = 0; i < mean.length; i++) {
      double since = totals.get(ROUNDS - 1)[i] - totals.get(0)[i];
      mean[i] = since / (ROUNDS - 1) / CLIENTS;
    }
    return new Row(preset.name(), model.size(), mean[0], mean[1], mean[2], mean[3]);
  }

  private static FederationConfig config(Preset preset) {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "federation=experiment",
                "kafka.bootstrap-servers=" + Workload.NO_BROKER,
                "round.limit=" + ROUNDS,
                "cohort.size=" + CLIENTS,
                // On two labels a larger network diverges at the usual rate.
                "training.learning-rate=0.02"));
    keys.addAll(preset.configuration());
    try {
      return FederationConfigLoader.load(null, keys);
    } catch (ConfigException e) {
      throw new IllegalArgumentException(
          "preset '%s' is not sound: %s".formatted(preset.name(), e.getMessage()), e);
    }
  }
}
