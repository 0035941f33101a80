// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.round;

import anabranch.bench.testbed.BenchFederation;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.model.ModelManifest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads every version of the model and keeps nothing of it. */
final class ModelDownload implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final byte[] MANIFEST = ModelManifest.KEY.getBytes(StandardCharsets.UTF_8);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final int segments;

  ModelDownload(BenchFederation federation) {
    segments = federation.model().manifest().segments().size();
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", federation.connection().bootstrapServers(),
                "isolation.level", "read_committed",
                "enable.auto.commit", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        IntStream.range(0, BenchFederation.PARTITIONS)
            .mapToObj(partition -> new TopicPartition(federation.topics().model(), partition))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads on until all segments of a version have come, or nobody wants them any more. */
  void read(long version, BooleanSupplier unwanted) {
    BitSet found = new BitSet();
    while (found.cardinality() < segments && !unwanted.getAsBoolean()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (!Arrays.equals(record.key(), MANIFEST)) {
          ModelSegment segment = Records.decodeModelSegment(record.value());
          if (segment.version() == version) {
            found.set(segment.segment());
          }
        }
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
