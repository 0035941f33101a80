// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.job.config.FederationConfig;
import anabranch.job.doctor.AdvertisedBrokers;
import anabranch.job.doctor.BrokerContact;
import anabranch.kafka.topics.TopicSettings;
import anabranch.kafka.topics.TopicSetup;
import anabranch.kafka.topics.TopicSetupException;
import anabranch.kafka.topics.TopicState;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;

/** The federation's Kafka cluster. */
final class KafkaSide implements AutoCloseable {

  private static final int ANSWER_MILLIS = 10_000;
  private static final int REQUEST_MILLIS = 5_000;

  private final Map<String, Object> properties = new HashMap<>();
  private final List<TopicSettings> table;
  private final Once<AdvertisedBrokers> brokers = new Once<>(this::askForBrokers);
  private final Once<Admin> admin = new Once<>(this::connect);
  private final Once<List<TopicState>> topics = new Once<>(this::askForTopics);
  private final Once<Map<String, TopicDescription>> descriptions =
      new Once<>(this::askForDescriptions);
  private final Once<Map<Integer, Config>> settings = new Once<>(this::askForSettings);

  KafkaSide(FederationConfig config, List<TopicSettings> table) {
    config.kafka().clientProperties().forEach((key, value) -> properties.put("" + key, value));
    this.table = table;
  }

  /** What any client needs to connect; a new map, for the caller to add to. */
  Map<String, Object> clientProperties() {
    return new HashMap<>(properties);
  }

  /** The topics as the federation wants them. */
  List<TopicSettings> table() {
    return table;
  }

  /** The brokers as they advertise themselves, called from this machine. */
  AdvertisedBrokers brokers() throws NotCheckedException {
    return brokers.get();
  }

  /** Ids of the brokers that answer. */
  List<Integer> reachable() throws NotCheckedException {
    return brokers().brokers().stream()
        .filter(broker -> broker.problem() == null)
        .map(BrokerContact::id)
        .toList();
  }

  /** Asks the cluster; not to be closed. */
  Admin admin() throws NotCheckedException {
    return admin.get();
  }

  /** The topics beside their table. */
  List<TopicState> topics() throws NotCheckedException {
    return topics.get();
  }

  /** Those of the federation's topics that exist. */
  Map<String, TopicDescription> descriptions() throws NotCheckedException {
    return descriptions.get();
  }

  /** Settings of the brokers that answer, by their ids. */
  Map<Integer, Config> settings() throws NotCheckedException {
    return settings.get();
  }

  /** Settings of the topics with these names, which exist. */
  Map<String, Config> topicSettings(Collection<String> names) throws NotCheckedException {
    Map<String, Config> found = new TreeMap<>();
    await(
            admin()
                .describeConfigs(
                    names.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList())
                .all(),
            "reading the settings of topics")
        .forEach((resource, config) -> found.put(resource.name(), config));
    return found;
  }

  /**
   * A number among settings.
   *
   * @throws NotCheckedException if the cluster does not tell it, as some managed ones do
   */
  static long number(Config settings, String key) throws NotCheckedException {
    ConfigEntry entry = settings.get(key);
    if (entry == null || entry.value() == null) {
      throw new NotCheckedException("the cluster does not tell its " + key);
    }
    return Long.parseLong(entry.value());
  }

  /**
   * The answer to a request.
   *
   * @param doing completes "while …"
   */
  static <T> T await(KafkaFuture<T> answer, String doing) throws NotCheckedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new NotCheckedException(
          "%s, while %s".formatted(e.getCause().getMessage(), doing), e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private AdvertisedBrokers askForBrokers() throws NotCheckedException {
    try {
      return AdvertisedBrokers.call(properties);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new NotCheckedException(cause.getMessage(), e);
    }
  }

  private Admin connect() throws NotCheckedException {
    if (reachable().isEmpty()) {
      throw new NotCheckedException("no broker can be reached at its advertised address");
    }
    return Admin.create(adminProperties());
  }

  private Map<String, Object> adminProperties() {
    Map<String, Object> all = clientProperties();
    all.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    all.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
    return all;
  }

  private List<TopicState> askForTopics() throws NotCheckedException {
    admin();
    try (TopicSetup setup = TopicSetup.connect(clientProperties())) {
      return setup.describe(table);
    } catch (TopicSetupException e) {
      throw new NotCheckedException(e.getMessage(), e);
    }
  }

  private Map<String, TopicDescription> askForDescriptions() throws NotCheckedException {
    List<String> existing =
        topics().stream().filter(TopicState::exists).map(TopicState::name).toList();
    return await(admin().describeTopics(existing).allTopicNames(), "reading the topics");
  }

  private Map<Integer, Config> askForSettings() throws NotCheckedException {
    Map<Integer, Config> found = new TreeMap<>();
    for (int broker : reachable()) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, "" + broker);
      found.put(
          broker,
          await(
              admin().describeConfigs(List.of(resource)).values().get(resource),
              "reading the settings of broker " + broker));
    }
    return found;
  }

  @Override
  public void close() {
    if (admin.isKnown()) {
      try {
        admin.get().close();
      } catch (NotCheckedException e) {
        throw new IllegalStateException("it was known", e);
      }
    }
  }
}
