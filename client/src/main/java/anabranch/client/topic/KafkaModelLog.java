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

/** The topics of model and deltas, read by one consumer. Not safe for several threads. */
final class KafkaModelLog implements ModelLog {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final BlockReader blocks;
  private final DeltaReader deltas;

  /**
   * @param downlink over which everything is read
   */
  KafkaModelLog(KafkaConnection connection, Topics topics, Link downlink) {
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
    return blocks.read(manifest, versions);
  }

  @Override
  public void readChanges(ModelManifest manifest, Collection<BlockReplay> replays) {
    deltas.read(manifest, replays);
  }

  @Override
  public void close() {
    consumer.close(KafkaConnection.CLOSE);
  }
}
