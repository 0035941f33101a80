// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.topic.KafkaConnection;
import anabranch.protocol.Topics;
import anabranch.quickstart.report.ReportedRound;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** What clients had to read. */
final class DownlinkTraffic {

  private DownlinkTraffic() {}

  /**
   * Bytes over all clients: each reads every announcement, and those that are drawn read one
   * version of the model, all versions being of one size.
   */
  static long estimate(
      KafkaConnection connection, Topics topics, int clients, List<ReportedRound> rounds)
      throws ExecutionException, InterruptedException {
    long announcements = LogSizes.of(connection, Set.of(topics.plans()));
    long versions = rounds.stream().mapToLong(r -> r.report().modelVersion()).max().orElse(0) + 1;
    long drawn = rounds.stream().mapToLong(r -> r.report().cohort().size()).sum();
    return announcements * clients
        + LogSizes.of(connection, Set.of(topics.model())) / versions * drawn;
  }
}
