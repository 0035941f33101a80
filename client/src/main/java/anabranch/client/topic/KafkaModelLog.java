// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.client.link.Link;
import anabranch.protocol.Topics;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * The topics of model and deltas, read by one consumer, and large models by a second one. Not safe
 * for several threads.
 */
final class KafkaModelLog implements ModelLog {

  /** From here on what a consumer fetches beyond the end matters less than its round trips. */
  private static final long MUCH = 8L << 20;

  private final KafkaConnection connection;
  private final Topics topics;
  private final Link downlink;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final BlockReader blocks;
  private final DeltaReader deltas;
  private KafkaConsumer<byte[], byte[]> forMuch;

  /**
   * @param downlink over which everything is read
   */
  KafkaModelLog(KafkaConnection connection, Topics topics, Link downlink) {
    this.connection = connection;
    this.topics = topics;
    this.downlink = downlink;
    this.consumer = connection.openSparingConsumer();
    this.blocks = new BlockReader(consumer, topics.model(), downlink);
    this.deltas = new DeltaReader(consumer, topics.deltas(), downlink);
  }

  @Override
  public ModelManifest readManifest(Digest expected) {
    return blocks.readManifest(expected);
  }

  @Override
  public Map<Integer, float[]> readWhole(
      ModelManifest manifest, Collection<BlockVersion> versions) {
    long bytes =
        versions.stream()
            .mapToLong(
                version -> (long) Float.BYTES * manifest.blocks().get(version.block()).size())
            .sum();
    return (bytes < MUCH ? blocks : blocksOfMuch()).read(manifest, versions);
  }

  private BlockReader blocksOfMuch() {
    if (forMuch == null) {
      forMuch = connection.openConsumer();
    }
    return new BlockReader(forMuch, topics.model(), downlink);
  }

  @Override
  public void readChanges(ModelManifest manifest, Collection<BlockReplay> replays) {
    deltas.read(manifest, replays);
  }

  @Override
  public void close() {
    consumer.close(KafkaConnection.CLOSE);
    if (forMuch != null) {
      forMuch.close(KafkaConnection.CLOSE);
    }
  }
}
