// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.protocol.Topics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** How far committed records can be read: an open transaction hides all that lies behind it. */
public final class LastStableOffsets {

  private LastStableOffsets() {}

  /** Records of each output partition that readers cannot see, partitions without any left out. */
  public static Map<String, Long> hidden(TestFederation federation) {
    Topics topics = federation.topics();
    Map<String, Long> hidden = new TreeMap<>();
    try (KafkaConsumer<byte[], byte[]> committed = federation.consumer("read_committed");
        KafkaConsumer<byte[], byte[]> all = federation.consumer("read_uncommitted")) {
      List<TopicPartition> partitions =
          Stream.of(
                  topics.model(),
                  topics.deltas(),
                  topics.plans(),
                  topics.rounds(),
                  topics.rejected(),
                  topics.control())
              .flatMap(topic -> all.partitionsFor(topic).stream())
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      Map<TopicPartition, Long> stable = committed.endOffsets(partitions);
      all.endOffsets(partitions)
          .forEach(
              (partition, end) -> {
                if (end > stable.get(partition)) {
                  hidden.put(partition.toString(), end - stable.get(partition));
                }
              });
    }
    return hidden;
  }
}
