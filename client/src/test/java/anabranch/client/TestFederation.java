// SPDX-License-Identifier: Apache-2.0
package anabranch.client;

import anabranch.client.model.ModelDefinition;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.ModelInitializer;
import anabranch.kafka.topics.TopicParameters;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicTable;
import anabranch.protocol.Bytes;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockGrid;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ModelDelta;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.RoundReceipts;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A federation on a real broker whose job is the test: it announces by hand. */
public final class TestFederation implements AutoCloseable {

  public final Topics topics;
  public final KafkaConnection connection;
  public final ModelManifest manifest;

  private final KafkaProducer<byte[], byte[]> producer;
  private Announcement last;

  /** Creates the topics and publishes version 0, seed 1. */
  public TestFederation(String bootstrapServers, String name, ModelDefinition model) {
    this.topics = new Topics(name);
    this.connection = new KafkaConnection(bootstrapServers);
    this.manifest = model.manifest(4);
    try (TopicSetup setup = TopicSetup.connect(bootstrapServers)) {
      setup.create(TopicTable.of(topics, TopicParameters.singleBroker()));
    }
    this.last = new ModelInitializer(connection, topics).publish(manifest, model.initialWeights(1));
    this.producer = connection.openProducer();
  }

  public Announcement last() {
    return last;
  }

  /** A plan for the next round that trains some blocks and holds the others. */
  public Plan plan(long round, List<String> cohort, List<Integer> train) {
    return plan(round, cohort, train, EncodingSettings.DENSE_F32);
  }

  /** The same with an encoding. */
  public Plan plan(
      long round, List<String> cohort, List<Integer> train, EncodingSettings encoding) {
    return new Plan(
        1_000 + round,
        round == 1 ? 0 : 999 + round,
        round,
        cohort,
        train,
        IntStream.range(0, manifest.blocks().size())
            .filter(block -> !train.contains(block))
            .boxed()
            .toList(),
        1,
        0,
        0,
        0,
        42 + round,
        60_000,
        new TrainingSettings(1, 20, 0.02, 0.9, 0, Map.of()),
        encoding,
        train.stream().map(block -> new BlockGrid(block, 16, -30)).toList(),
        1_000);
  }

  /** Announces what comes next, with the versions of the last announcement. */
  public Announcement announce(Plan plan, RoundReceipts receipts) {
    return announce(plan, receipts, last.blocks());
  }

  public Announcement announce(Plan plan, RoundReceipts receipts, List<BlockVersion> blocks) {
    last =
        new Announcement(
            topics.federation(),
            last.incarnation(),
            last.sequence() + 1,
            last.modelVersion() + (blocks.equals(last.blocks()) ? 0 : 1),
            last.manifest(),
            blocks,
            Announcement.State.RUNNING,
            "",
            plan,
            receipts);
    send(topics.plans(), 0, last.ringKey(), Records.encode(last));
    return last;
  }

  /** Announces that the job was rolled back to fewer rounds. */
  public Announcement rollBack(long modelVersion, List<BlockVersion> blocks) {
    last =
        new Announcement(
            topics.federation(),
            last.incarnation() + 1,
            last.sequence() + 1,
            modelVersion,
            last.manifest(),
            blocks,
            Announcement.State.RUNNING,
            "",
            null,
            null);
    send(topics.plans(), 0, last.ringKey(), Records.encode(last));
    return last;
  }

  /** The last announcement's versions, but this block at another one, published now. */
  public List<BlockVersion> withVersion(int block, long version, float[] vector) {
    List<Digest> digests = new ArrayList<>();
    for (Segment segment : manifest.segmentsOf(block)) {
      byte[] values = bytes(vector, segment);
      digests.add(Digest.ofContent(values, 0, values.length));
    }
    List<BlockVersion> blocks = new ArrayList<>(last.blocks());
    blocks.set(
        block,
        new BlockVersion(
            block, version, version, Digest.ofBlock(digests), System.currentTimeMillis()));
    return blocks;
  }

  public void publish(Segment segment, BlockVersion version, float[] vector) {
    int partitions = producer.partitionsFor(topics.model()).size();
    producer.send(
        new ProducerRecord<>(
            topics.model(),
            segment.index() % partitions,
            version.publishedAt(),
            manifest.ringKey(segment, version.version()).getBytes(StandardCharsets.UTF_8),
            Records.encode(
                new ModelSegment(
                    segment.block(),
                    segment.index(),
                    version.version(),
                    Bytes.of(bytes(vector, segment))))));
    producer.flush();
  }

  /** Publishes what leads from a version of a block to this one. */
  public void publish(BlockVersion version, long fromVersion, List<SegmentUpdate> changes) {
    int partitions = producer.partitionsFor(topics.deltas()).size();
    for (SegmentUpdate change : changes) {
      ModelDelta delta = new ModelDelta(version.block(), version.version(), fromVersion, change);
      producer.send(
          new ProducerRecord<>(
              topics.deltas(),
              change.segment() % partitions,
              version.publishedAt(),
              null,
              Records.encode(delta)));
    }
    producer.flush();
  }

  private void send(String topic, int partition, String key, byte[] value) {
    producer.send(
        new ProducerRecord<>(topic, partition, key.getBytes(StandardCharsets.UTF_8), value));
    producer.flush();
  }

  private static byte[] bytes(float[] vector, Segment segment) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * segment.length()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector, segment.offset(), segment.length());
    return bytes.array();
  }

  @Override
  public void close() {
    producer.close();
  }
}
