// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.kafka.topics.TopicParameters;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicTable;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.ClientCheckIn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A federation on a broker. All have one name, because plan ids depend on it, so a broker has one
 * at a time.
 *
 * @param bootstrapServers of the broker
 * @param model that it trains
 */
public record TestFederation(String bootstrapServers, TestModel model) {

  private static final String NAME = "demo";
  private static final TopicParameters PARAMETERS =
      TopicParameters.singleBroker().withPartitions(1, 3, 2, 3);

  /** Its topics' names. */
  public Topics topics() {
    return new Topics(NAME);
  }

  /** Settings with which a round ends by quorum, never by its deadline, and plans come soon. */
  public List<String> settings(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "federation=" + NAME,
                "kafka.bootstrap-servers=" + bootstrapServers,
                "checkpoint.interval=200ms",
                "round.deadline=10min",
                "cohort.size=" + RecordedUpdates.CLIENTS));
    settings.addAll(List.of(more));
    return settings;
  }

  /** The configuration of {@link #settings}. */
  public FederationConfig config(String... more) throws ConfigException {
    return FederationConfigLoader.load(null, settings(more));
  }

  /** Deletes what an earlier federation left, creates the topics and publishes version 0. */
  public void begin() throws Exception {
    createTopics();
    VersionZero.publish(this);
  }

  /** Deletes what an earlier federation left and creates the topics. */
  public void createTopics() {
    try (TopicSetup setup = TopicSetup.connect(bootstrapServers)) {
      setup.delete(topics());
      setup.create(TopicTable.of(topics(), PARAMETERS));
    }
  }

  /** Has clients check in. */
  public void checkIn(List<ClientCheckIn> clients) {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      for (ClientCheckIn client : clients) {
        producer.send(
            new ProducerRecord<>(
                topics().clients(),
                client.clientId().getBytes(StandardCharsets.UTF_8),
                Records.encode(client)));
      }
    }
  }

  KafkaProducer<byte[], byte[]> producer(Map<String, String> more) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.putAll(more);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  KafkaConsumer<byte[], byte[]> consumer(String isolation) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("isolation.level", isolation);
    properties.put("enable.auto.commit", "false");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
