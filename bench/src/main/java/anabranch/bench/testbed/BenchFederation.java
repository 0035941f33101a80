// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.testbed;

import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.ModelInitializer;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.kafka.topics.TopicParameters;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicTable;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Plan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A federation of clients that only count.
 *
 * @param connection to its broker
 * @param config of its job
 * @param model that it holds
 */
public record BenchFederation(
    KafkaConnection connection, FederationConfig config, SyntheticModel model) {

  /** Partitions of updates and of the model: what a federation has by default. */
  public static final int PARTITIONS = 4;

  private static final int SAMPLES = 100;

  static BenchFederation begin(
      String name, String bootstrapServers, SyntheticModel model, List<String> settings)
      throws ConfigException {
    List<String> all = new ArrayList<>();
    all.add("federation=" + name);
    all.add("kafka.bootstrap-servers=" + bootstrapServers);
    all.add("round.deadline=1h");
    all.addAll(settings);
    FederationConfig config = FederationConfigLoader.load(null, all);
    try (TopicSetup setup = TopicSetup.connect(bootstrapServers)) {
      setup.create(
          TopicTable.of(
              config.topics(),
              TopicParameters.singleBroker().withPartitions(1, PARTITIONS, PARTITIONS, 1)));
    }
    KafkaConnection connection = new KafkaConnection(bootstrapServers);
    new ModelInitializer(connection, config.topics())
        .publish(model.manifest(), model.initialWeights());
    return new BenchFederation(connection, config, model);
  }

  /** The names of its topics. */
  public Topics topics() {
    return config.topics();
  }

  /** Id of a client, which is also its key; ids sort like their numbers. */
  public static String clientId(int client) {
    return "client-%04d".formatted(client);
  }

  /** Has clients 0 to {@code clients} check in. */
  public void checkIn(int clients) {
    try (KafkaProducer<byte[], byte[]> producer = connection.openProducer()) {
      for (int client = 0; client < clients; client++) {
        ClientCheckIn checkIn =
            new ClientCheckIn(
                clientId(client), session(client), ClientCheckIn.Status.READY, SAMPLES, 0, "bench");
        producer.send(
            new ProducerRecord<>(topics().clients(), key(client), Records.encode(checkIn)));
      }
    }
  }

  private static long session(int client) {
    return client + 1L;
  }

  private static byte[] key(int client) {
    return clientId(client).getBytes(StandardCharsets.UTF_8);
  }

  /** A client's answer to a plan, whole. */
  public static ClientUpdate answer(Plan plan, int client, List<SegmentUpdate> segments) {
    return new ClientUpdate(
        clientId(client),
        session(client),
        plan.planId(),
        plan.round(),
        0,
        1,
        SAMPLES,
        Map.of(),
        segments,
        null,
        null);
  }

  /** A part of an update as it lies in the log; clients take the partitions in turn. */
  public ProducerRecord<byte[], byte[]> record(int client, ClientUpdate part) {
    return new ProducerRecord<>(
        topics().updates(), client % PARTITIONS, key(client), Records.encode(part));
  }
}
