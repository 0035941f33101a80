// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Node;

/** Sizes of logs as brokers tell them. */
public final class LogSizes {

  private LogSizes() {}

  /** Bytes that all partitions of these topics take on all brokers. */
  public static long of(KafkaConnection connection, Set<String> topics)
      throws ExecutionException, InterruptedException {
    Map<String, Object> properties = new HashMap<>(connection.properties());
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, connection.bootstrapServers());
    try (Admin admin = Admin.create(properties)) {
      Set<Integer> brokers =
          admin.describeCluster().nodes().get().stream().map(Node::id).collect(Collectors.toSet());
      return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
          .flatMap(directories -> directories.values().stream())
          .flatMap(directory -> directory.replicaInfos().entrySet().stream())
          .filter(replica -> topics.contains(replica.getKey().topic()))
          .mapToLong(replica -> replica.getValue().size())
          .sum();
    }
  }
}
