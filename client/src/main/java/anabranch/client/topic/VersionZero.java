// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.Bytes;
import anabranch.protocol.Topics;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The records that a federation's model begins with. */
public final class VersionZero {

  private VersionZero() {}

  /**
   * Makes the manifest's record, those of the segments and last the first announcement.
   *
   * @param topics of the federation
   * @param partitions of the model topic
   * @param weights one flat vector a block, in the manifest's order
   * @param now in milliseconds since 1970
   * @param log takes the records
   * @return the announcement: incarnation 0, sequence 0, running, no plan
   * @throws IllegalArgumentException if the vectors do not fit the manifest or are not finite
   */
  public static Announcement write(
      Topics topics,
      int partitions,
      ModelManifest manifest,
      List<float[]> weights,
      long now,
      Consumer<ProducerRecord<byte[], byte[]>> log) {
    demandSound(manifest, weights);
    byte[] manifestBytes = Records.encode(manifest);
    log.accept(
        new ProducerRecord<>(
            topics.model(), ModelManifest.PARTITION, now, utf8(ModelManifest.KEY), manifestBytes));
    List<BlockVersion> versions = new ArrayList<>();
    for (int block = 0; block < weights.size(); block++) {
      List<Digest> digests = new ArrayList<>();
      for (Segment segment : manifest.segmentsOf(block)) {
        Bytes values = Bytes.ofFloats(weights.get(block), segment.offset(), segment.length());
        digests.add(Digest.ofContent(values.array(), 0, values.length()));
        log.accept(
            new ProducerRecord<>(
                topics.model(),
                ModelLayout.partition(segment, partitions),
                now,
                utf8(manifest.ringKey(segment, 0)),
                Records.encode(new ModelSegment(block, segment.index(), 0, values))));
      }
      versions.add(new BlockVersion(block, 0, 0, Digest.ofBlock(digests), now));
    }
    Announcement announcement =
        new Announcement(
            topics.federation(),
            0,
            0,
            0,
            Digest.ofContent(manifestBytes, 0, manifestBytes.length),
            versions,
            Announcement.State.RUNNING,
            "",
            null,
            null);
    log.accept(
        new ProducerRecord<>(
            topics.plans(), 0, now, utf8(announcement.ringKey()), Records.encode(announcement)));
    return announcement;
  }

  /**
   * @throws IllegalArgumentException if the vectors do not fit the manifest or are not finite
   */
  static void demandSound(ModelManifest manifest, List<float[]> weights) {
    requireFitting(manifest, weights);
    requireFinite(manifest, weights);
  }

  private static byte[] utf8(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static void requireFitting(ModelManifest manifest, List<float[]> weights) {
    List<Integer> expected = manifest.blocks().stream().map(block -> block.size()).toList();
    List<Integer> given = weights.stream().map(vector -> vector.length).toList();
    if (!expected.equals(given)) {
      throw new IllegalArgumentException(
          "weights have the lengths %s, the blocks of %s have %s"
              .formatted(given, manifest.architecture(), expected));
    }
  }

  /** A job refuses to load anything else. */
  private static void requireFinite(ModelManifest manifest, List<float[]> weights) {
    for (int block = 0; block < weights.size(); block++) {
      float[] vector = weights.get(block);
      for (int i = 0; i < vector.length; i++) {
        if (!Float.isFinite(vector[i])) {
          throw new IllegalArgumentException(
              "element %d of block '%s' is %s: a model to begin with is finite"
                  .formatted(i, manifest.blocks().get(block).name(), vector[i]));
        }
      }
    }
  }
}
