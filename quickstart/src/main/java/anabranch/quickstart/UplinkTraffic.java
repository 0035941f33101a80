// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.link.StoredRecord;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.LogSizes;
import anabranch.protocol.Bytes;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.avro.UpdateParts;
import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.model.ModelManifest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What clients have sent over the network, as the broker stores it.
 *
 * @param bytes in the logs of {@code <f>.clients} and {@code <f>.updates}, what Kafka puts around a
 *     record included
 * @param denseBytes what they would be if every segment of every stored update were dense float32,
 *     in as many records as that takes, each record a batch of its own: {@code bytes} plus, for
 *     every update, the difference in size
 */
record UplinkTraffic(long bytes, long denseBytes) {

  private static final Duration POLL = Duration.ofMillis(500);

  /** An update is answered once a client and plan, in parts. */
  private record UpdateId(String clientId, long session, long planId) {}

  /**
   * Reads the size of the logs; where updates are not dense float32 already, also the updates.
   *
   * @param dense whether all updates were encoded as dense float32
   */
  static UplinkTraffic measure(
      KafkaConnection connection, Topics topics, ModelManifest manifest, boolean dense)
      throws ExecutionException, InterruptedException {
    long stored = LogSizes.of(connection, Set.of(topics.clients(), topics.updates()));
    return new UplinkTraffic(
        stored, dense ? stored : stored + excess(connection, topics.updates(), manifest));
  }

  private static long excess(KafkaConnection connection, String topic, ModelManifest manifest) {
    Map<UpdateId, List<ClientUpdate>> updates = new HashMap<>();
    long excess = 0;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(connection)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < end.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          excess += excess(record, updates, manifest);
        }
      }
    }
    return excess;
  }

  /** What the update's dense form has more, once its last part has come; 0 before. */
  private static long excess(
      ConsumerRecord<byte[], byte[]> record,
      Map<UpdateId, List<ClientUpdate>> updates,
      ModelManifest manifest) {
    try {
      ClientUpdate part = Records.decodeClientUpdate(record.value());
      UpdateId id = new UpdateId(part.clientId(), part.session(), part.planId());
      List<ClientUpdate> parts = updates.computeIfAbsent(id, i -> new ArrayList<>());
      parts.add(part);
      if (parts.size() < part.parts()) {
        return 0;
      }
      updates.remove(id);
      return size(dense(parts, manifest)) - size(parts);
    } catch (MalformedUpdateException e) {
      // Garbage would have been as long with any encoding.
      return 0;
    }
  }

  private static List<ClientUpdate> dense(List<ClientUpdate> parts, ModelManifest manifest) {
    ClientUpdate first = parts.get(0);
    List<SegmentUpdate> segments =
        parts.stream()
            .flatMap(part -> part.segments().stream())
            .map(segment -> dense(segment, manifest.segments().get(segment.segment()).length()))
            .toList();
    return UpdateParts.split(
        new ClientUpdate(
            first.clientId(),
            first.session(),
            first.planId(),
            first.round(),
            0,
            1,
            first.samples(),
            first.metrics(),
            segments,
            first.keyId(),
            first.signature()));
  }

  private static SegmentUpdate dense(SegmentUpdate segment, int length) {
    return new SegmentUpdate(
        segment.segment(),
        segment.reference(),
        length,
        new IndexCode.Dense(),
        Bytes.EMPTY,
        new ValueCode.F32(),
        Bytes.of(new byte[Float.BYTES * length]));
  }

  private static long size(List<ClientUpdate> parts) {
    return parts.stream()
        .mapToLong(part -> StoredRecord.bytes(utf8(part.clientId()), Records.encode(part)))
        .sum();
  }

  private static byte[] utf8(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(KafkaConnection connection) {
    Map<String, Object> properties = new HashMap<>(connection.properties());
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, connection.bootstrapServers());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
