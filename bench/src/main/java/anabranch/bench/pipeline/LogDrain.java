// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.pipeline;

import anabranch.job.kafka.FederationSources;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One bare consumer that fetches as the job's source does, and looks at nothing. */
final class LogDrain {

  private static final Duration POLL = Duration.ofMillis(500);

  private LogDrain() {}

  /** Bytes a second at which a stretch of the log is read. */
  static double bytesPerSecond(String bootstrapServers, RoundLog.Stretch stretch) {
    Map<String, Object> properties = new HashMap<>(FederationSources.fetching());
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("enable.auto.commit", "false");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(stretch.from().keySet());
      // Connects and learns where the partitions lie, as the job's consumer has long done.
      consumer.endOffsets(stretch.from().keySet());
      stretch.from().forEach(consumer::seek);
      long begun = System.nanoTime();
      long bytes = 0;
      while (bytes < stretch.bytes()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          if (record.offset() < stretch.to().get(partition)) {
            bytes += record.value().length;
          }
        }
      }
      return bytes * 1e9 / (System.nanoTime() - begun);
    }
  }
}
