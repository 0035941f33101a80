// SPDX-License-Identifier: Apache-2.0
package anabranch.client.link;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.topic.KafkaConnection;
import anabranch.kafka.broker.LocalBroker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class StoredRecordTest {

  private static final String TOPIC = "sizes";

  @Test
  void loneRecordsTakeInTheLogWhatIsCounted() throws Exception {
    List<byte[]> values =
        List.of(new byte[0], new byte[1], new byte[63], new byte[64], new byte[200_000]);
    byte[] key = "client-000".getBytes(StandardCharsets.UTF_8);
    long counted = 0;
    try (LocalBroker broker = LocalBroker.start();
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        KafkaProducer<byte[], byte[]> producer =
            new KafkaConnection(broker.bootstrapServers()).openProducer()) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
      for (byte[] value : values) {
        producer.send(new ProducerRecord<>(TOPIC, key, value)).get();
        counted += StoredRecord.bytes(key, value);
      }
      producer.send(new ProducerRecord<>(TOPIC, key, null)).get();
      producer.send(new ProducerRecord<>(TOPIC, null, key)).get();
      counted += StoredRecord.bytes(key, null) + StoredRecord.bytes(null, key);

      long stored =
          admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values().stream()
              .flatMap(directory -> directory.replicaInfos().entrySet().stream())
              .filter(replica -> replica.getKey().topic().equals(TOPIC))
              .mapToLong(replica -> replica.getValue().size())
              .sum();
      assertThat(stored).isEqualTo(counted);
    }
  }
}
