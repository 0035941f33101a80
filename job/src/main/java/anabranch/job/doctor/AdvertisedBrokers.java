// SPDX-License-Identifier: Apache-2.0
package anabranch.job.doctor;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.Metadata;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.internals.ClusterResourceListeners;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * The brokers of a cluster, as a bootstrap server names them.
 *
 * <p>Every client of Kafka takes the addresses of the brokers from its first answer and uses the
 * bootstrap servers no more. Where those addresses are no good, all that a client says, the admin
 * client included, is that time ran out; so this asks with the layer below it, which is not public.
 *
 * @param clusterId that the cluster gave itself
 * @param controllerId of the broker that passes requests to the controller, -1 when none is known
 * @param brokers in the order of their ids, each called at its advertised address
 */
public record AdvertisedBrokers(String clusterId, int controllerId, List<BrokerContact> brokers) {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 100;
  private static final long BACKOFF_MILLIS = 100;

  /**
   * Asks a bootstrap server for the brokers and calls every one, from this machine.
   *
   * @param clientProperties what any Kafka client needs to connect
   * @throws KafkaException if no bootstrap server answers; the message says why
   */
  public static AdvertisedBrokers call(Map<String, ?> clientProperties) {
    Cluster cluster = describe(clientProperties);
    List<BrokerContact> brokers =
        cluster.nodes().stream()
            .sorted(Comparator.comparingInt(Node::id))
            .map(node -> BrokerContact.call(node.id(), node.host(), node.port()))
            .toList();
    Node controller = cluster.controller();
    return new AdvertisedBrokers(
        cluster.clusterResource().clusterId(), controller == null ? -1 : controller.id(), brokers);
  }

  private static Cluster describe(Map<String, ?> clientProperties) {
    AdminClientConfig config = new AdminClientConfig(new HashMap<>(clientProperties));
    LogContext logs = new LogContext();
    try (Metrics metrics = new Metrics();
        Metadata metadata = new WithoutTopics(logs);
        NetworkClient client =
            ClientUtils.createNetworkClient(
                config,
                metrics,
                "anabranch-doctor",
                logs,
                new ApiVersions(),
                Time.SYSTEM,
                /* maxInFlightRequestsPerConnection= */ 1,
                metadata,
                /* throttleTimeSensor= */ null,
                /* clientTelemetrySender= */ null)) {
      metadata.bootstrap(ClientUtils.parseAndValidateAddresses(config));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (metadata.fetch().isBootstrapConfigured()) {
        if (System.nanoTime() > deadline) {
          throw new KafkaException(
              "no Kafka broker answers at %s within %d s"
                  .formatted(
                      clientProperties.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG),
                      PATIENCE.toSeconds()));
        }
        client.poll(POLL_MILLIS, System.currentTimeMillis());
        metadata.maybeThrowAnyException();
      }
      return metadata.fetch();
    }
  }

  /** Asks for the brokers alone: of the topics there may be many thousand. */
  private static final class WithoutTopics extends Metadata {

    WithoutTopics(LogContext logs) {
      super(BACKOFF_MILLIS, BACKOFF_MILLIS, Long.MAX_VALUE, logs, new ClusterResourceListeners());
    }

    @Override
    protected MetadataRequest.Builder newMetadataRequestBuilder() {
      return new MetadataRequest.Builder(List.of(), /* allowAutoTopicCreation= */ false);
    }
  }

  /** Those that cannot be reached from where they were called. */
  public List<BrokerContact> unreachable() {
    return brokers.stream().filter(broker -> broker.problem() != null).toList();
  }
}
