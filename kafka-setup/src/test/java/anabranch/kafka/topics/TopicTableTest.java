// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.protocol.Topics;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TopicTableTest {

  private static final Topics TOPICS = new Topics("demo");

  @Test
  void announcementsReportsAndRejectionsHaveOnePartitionWhateverIsChosen() {
    TopicParameters many = TopicParameters.cluster().withPartitions(7, 8, 9, 3);

    assertThat(TopicTable.of(TOPICS, many))
        .extracting(TopicSettings::partitions)
        .containsExactly(7, 8, 9, 3, 1, 1, 1, 1);
  }

  @Test
  void threeCopiesNeedTwoInSyncAndFewerNeedOne() {
    TopicParameters cluster = TopicParameters.cluster();

    assertThat(value(TOPICS.plans(), "min.insync.replicas", cluster)).isEqualTo("2");
    assertThat(value(TOPICS.plans(), "min.insync.replicas", cluster.withReplicationFactor(2)))
        .isEqualTo("1");
  }

  @Test
  void segmentsAreNotKeptOpenLongerThanTheirRecordsAreKept() {
    TopicParameters hours =
        TopicParameters.cluster()
            .withRetention(Duration.ofHours(2), Duration.ofHours(3), Duration.ofDays(30));

    assertThat(value(TOPICS.updates(), "segment.ms", hours)).isEqualTo("7200000");
    assertThat(value(TOPICS.rejected(), "segment.ms", hours)).isEqualTo("10800000");
    assertThat(value(TOPICS.updates(), "segment.ms", TopicParameters.cluster()))
        .isEqualTo("86400000");
  }

  @Test
  void deltasAreKeptByTheirOwnTimeUnderTheTimestampsThatReadersSeek() {
    TopicParameters hours = TopicParameters.cluster().withDeltasRetention(Duration.ofHours(5));

    assertThat(value(TOPICS.deltas(), "cleanup.policy", hours)).isEqualTo("delete");
    assertThat(value(TOPICS.deltas(), "retention.ms", hours)).isEqualTo("18000000");
    assertThat(value(TOPICS.deltas(), "segment.ms", hours)).isEqualTo("18000000");
    assertThat(value(TOPICS.deltas(), "message.timestamp.type", hours)).isEqualTo("CreateTime");
  }

  @Test
  void tombstonesOfClientsStayAsLongAsUpdates() {
    TopicParameters days =
        TopicParameters.cluster()
            .withRetention(Duration.ofDays(3), Duration.ofDays(1), Duration.ofDays(30));

    assertThat(value(TOPICS.clients(), "delete.retention.ms", days))
        .isEqualTo(value(TOPICS.updates(), "retention.ms", days))
        .isEqualTo("259200000");
  }

  @Test
  void parametersOutOfRangeAreNamed() {
    assertThatThrownBy(() -> TopicParameters.cluster().withReplicationFactor(0))
        .hasMessage("replication factor is 0, it must be 1 to 32767");
    assertThatThrownBy(
            () ->
                TopicParameters.cluster()
                    .withRetention(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1)))
        .hasMessage("retention of updates is PT0S, it must be positive");
  }

  private static String value(String topic, String key, TopicParameters parameters) {
    return TopicTable.of(TOPICS, parameters).stream()
        .filter(t -> t.name().equals(topic))
        .flatMap(t -> t.settings().stream())
        .filter(s -> s.key().equals(key))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
