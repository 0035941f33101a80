// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.model.Block;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Publishes a model from which a federation starts: manifest, segments and announcement. */
final class VersionZero {

  private VersionZero() {}

  static void publish(TestFederation federation) {
    ModelManifest manifest = federation.model().manifest();
    String topic = federation.topics().model();
    long now = System.currentTimeMillis();
    try (KafkaProducer<byte[], byte[]> producer =
        federation.producer(Map.of("transactional.id", "model-init"))) {
      producer.initTransactions();
      producer.beginTransaction();
      byte[] manifestRecord = Records.encode(manifest);
      producer.send(record(topic, ModelManifest.PARTITION, now, ModelManifest.KEY, manifestRecord));
      int partitions = producer.partitionsFor(topic).size();
      List<BlockVersion> blocks = new ArrayList<>();
      for (Block block : manifest.blocks()) {
        List<Digest> digests = new ArrayList<>();
        for (Segment segment : manifest.segmentsOf(block.index())) {
          byte[] values = littleEndian(federation.model().initial().get(segment.index()));
          digests.add(Digest.ofContent(values, 0, values.length));
          producer.send(
              record(
                  topic,
                  segment.index() % partitions,
                  now,
                  manifest.ringKey(segment, 0),
                  Records.encode(
                      new ModelSegment(block.index(), segment.index(), 0, Bytes.of(values)))));
        }
        blocks.add(new BlockVersion(block.index(), 0, 0, Digest.ofBlock(digests), now));
      }
      Announcement announcement =
          new Announcement(
              federation.topics().federation(),
              0,
              0,
              0,
              Digest.ofContent(manifestRecord, 0, manifestRecord.length),
              blocks,
              Announcement.State.RUNNING,
              "",
              null,
              null);
      producer.send(
          record(
              federation.topics().plans(),
              0,
              now,
              announcement.ringKey(),
              Records.encode(announcement)));
      producer.commitTransaction();
    }
  }

  private static byte[] littleEndian(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, int partition, long timestamp, String key, byte[] value) {
    return new ProducerRecord<>(
        topic, partition, timestamp, key.getBytes(StandardCharsets.UTF_8), value);
  }
}
