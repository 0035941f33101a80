// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.Where;
import anabranch.bench.federation.ClusterFederation;
import anabranch.bench.federation.InProcessFederation;
import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.FederatedDataset;
import anabranch.client.data.LocalData;
import anabranch.client.data.Partition;
import anabranch.client.fleet.FleetClient;
import anabranch.client.model.ModelChoice;
import anabranch.client.model.ModelDefinition;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.LogSizes;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.protocol.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

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
        new InProcessFederation(
            config(preset, Where.NO_BROKER),
            model,
            model.initialWeights(SEED),
            FleetClient.sharing(updates, shares));
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

  /**
   * The same through a broker and a Flink cluster, from the sizes of the logs after the last round:
   * records of a version then share batches, and the marks that end transactions count.
   *
   * @param driven what {@link #measure} found, for payload and announcement
   */
  public Row measureLogs(Preset preset, Row driven) throws Exception {
    AtomicReference<String> broker = new AtomicReference<>();
    AtomicLong updatesBytes = new AtomicLong();
    AtomicLong deltasBytes = new AtomicLong();
    Topics topics = config(preset, Where.NO_BROKER).topics();
    new ClusterFederation(
            address -> {
              broker.set(address);
              return config(preset, address);
            },
            model,
            model.initialWeights(SEED),
            FleetClient.sharing(updates, shares))
        .run(
            round -> {
              if (round.version() == ROUNDS) {
                KafkaConnection connection = new KafkaConnection(broker.get());
                updatesBytes.set(sizeOf(connection, topics.updates()));
                deltasBytes.set(sizeOf(connection, topics.deltas()));
              }
            });
    return new Row(
        preset.name(),
        model.size(),
        (double) updatesBytes.get() / ROUNDS / CLIENTS,
        driven.payload(),
        deltasBytes.get() == 0 ? driven.version() : (double) deltasBytes.get() / ROUNDS,
        driven.announcement());
  }

  private static long sizeOf(KafkaConnection connection, String topic) {
    try {
      return LogSizes.of(connection, Set.of(topic));
    } catch (ExecutionException e) {
      throw new IllegalStateException("the log of %s tells no size".formatted(topic), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static FederationConfig config(Preset preset, String bootstrapServers) {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "federation=experiment",
                "kafka.bootstrap-servers=" + bootstrapServers,
                "round.limit=" + ROUNDS,
                "cohort.size=" + CLIENTS,
                "cohort.min-available=" + CLIENTS,
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
