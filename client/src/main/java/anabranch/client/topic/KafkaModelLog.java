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
 * The topics of model and deltas, read by one consumer where little is wanted of a place, by
 * another where much is, or all that comes. Not safe for several threads.
 */
final class KafkaModelLog implements ModelLog {

  /** From here on what is fetched beyond the end matters less than round trips. */
  private static final long MUCH = 8L << 20;

  private final KafkaConnection connection;
  private final Topics topics;
  private final Link downlink;
  private KafkaConsumer<byte[], byte[]> sparing;
  private KafkaConsumer<byte[], byte[]> ample;

  /**
   * @param downlink over which everything is read
   */
  KafkaModelLog(KafkaConnection connection, Topics topics, Link downlink) {
    this.connection = connection;
    this.topics = topics;
    this.downlink = downlink;
  }

  private KafkaConsumer<byte[], byte[]> sparing() {
    if (sparing == null) {
      sparing = connection.openSparingConsumer();
    }
    return sparing;
  }

  private KafkaConsumer<byte[], byte[]> ample() {
    if (ample == null) {
      ample = connection.openConsumer();
    }
    return ample;
  }

  private BlockReader blocks(KafkaConsumer<byte[], byte[]> consumer) {
    return new BlockReader(consumer, topics.model(), downlink);
  }

  @Override
  public ModelManifest readManifest(Digest expected) {
    return blocks(sparing()).readManifest(expected);
  }

  @Override
  public Map<Integer, float[]> readWhole(
      ModelManifest manifest, Collection<BlockVersion> versions) {
    long bytes =
        versions.stream()
            .mapToLong(
                version -> (long) Float.BYTES * manifest.blocks().get(version.block()).size())
            .sum();
    return blocks(bytes < MUCH ? sparing() : ample()).read(manifest, versions);
  }

  @Override
  public void readChanges(ModelManifest manifest, Collection<BlockReplay> replays) {
    new DeltaReader(ample(), topics.deltas(), downlink).read(manifest, replays);
  }

  @Override
  public void close() {
    if (sparing != null) {
      sparing.close(KafkaConnection.CLOSE);
    }
    if (ample != null) {
      ample.close(KafkaConnection.CLOSE);
    }
  }
}
