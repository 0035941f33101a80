// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

import anabranch.kafka.topics.TopicState.Condition;
import anabranch.protocol.Topics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates a federation's topics on a cluster, compares those that exist with the {@link
 * TopicTable}, and deletes them. Every method returns one state a topic, in the table's order, and
 * throws {@link TopicSetupException} when the cluster cannot be asked or refuses.
 *
 * <pre>{@code
 * try (TopicSetup setup = TopicSetup.connect("localhost:9092")) {
 *   setup.create(TopicTable.of(new Topics("demo"), TopicParameters.singleBroker()));
 * }
 * }</pre>
 */
public final class TopicSetup implements AutoCloseable {

  private static final int ANSWER_MILLIS = 10_000;
  private static final int REQUEST_MILLIS = 5_000;

  private final Admin admin;
  private final ClusterCalls calls;
  private final TopicInspection inspection;

  private TopicSetup(Admin admin, ClusterCalls calls) {
    this.admin = admin;
    this.calls = calls;
    this.inspection = new TopicInspection(admin, calls);
  }

  /** Prepares to talk to a cluster without encryption and login. */
  public static TopicSetup connect(String bootstrapServers) {
    return connect(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
  }

  /**
   * Prepares to talk to a cluster. No connection is made before the first call.
   *
   * @param clientProperties of Kafka's admin client: {@code bootstrap.servers} and, where the
   *     cluster wants them, the security settings
   */
  public static TopicSetup connect(Map<String, ?> clientProperties) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
    properties.putAll(clientProperties);
    ClusterCalls calls =
        new ClusterCalls(
            String.valueOf(properties.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)));
    try {
      return new TopicSetup(Admin.create(properties), calls);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw calls.failure("preparing the connection", cause);
    }
  }

  /**
   * Creates what is missing and changes nothing that exists: where that differs from the table, the
   * state says so. Returns when the new topics can be written to.
   */
  public List<TopicState> create(List<TopicSettings> table) {
    Set<String> existing = inspection.existing(table.stream().map(TopicSettings::name).toList());
    Set<String> created =
        createAll(table.stream().filter(t -> !existing.contains(t.name())).toList());
    return inspection.states(table).stream()
        .map(s -> created.contains(s.name()) ? s.as(Condition.CREATED, List.of()) : s)
        .toList();
  }

  /**
   * Like {@link #create}, and then sets the configurations that differ. Numbers of partitions and
   * copies stay as they are, see {@link Difference#correctable}.
   */
  public List<TopicState> createAndCorrect(List<TopicSettings> table) {
    Map<String, TopicState> before =
        create(table).stream().collect(Collectors.toMap(TopicState::name, s -> s));
    before.values().forEach(this::correct);
    calls.awaitUntil(
        () -> inspection.states(table).stream().allMatch(s -> corrections(s).isEmpty()),
        "changing configurations");
    return inspection.states(table).stream().map(s -> corrected(before.get(s.name()), s)).toList();
  }

  /** Compares the cluster with the table and changes nothing. */
  public List<TopicState> describe(List<TopicSettings> table) {
    return inspection.states(table);
  }

  /** Deletes the federation's topics with all their records. Returns when they are gone. */
  public List<TopicState> delete(Topics topics) {
    List<String> names =
        TopicTable.of(topics, TopicParameters.singleBroker()).stream()
            .map(TopicSettings::name)
            .toList();
    Set<String> existing = inspection.existing(names);
    Set<String> deleted =
        obeyed(
            admin.deleteTopics(existing).topicNameValues(),
            UnknownTopicOrPartitionException.class,
            "deleting topics");
    calls.awaitUntil(() -> inspection.existing(deleted).isEmpty(), "deleting topics");
    return names.stream()
        .map(n -> TopicState.absent(n, deleted.contains(n) ? Condition.DELETED : Condition.MISSING))
        .toList();
  }

  /** Closes the connection. */
  @Override
  public void close() {
    admin.close();
  }

  private Set<String> createAll(List<TopicSettings> missing) {
    List<NewTopic> wanted =
        missing.stream()
            .map(
                t ->
                    new NewTopic(t.name(), t.partitions(), (short) t.replicationFactor())
                        .configs(
                            t.settings().stream()
                                .collect(Collectors.toMap(Setting::key, Setting::value))))
            .toList();
    Set<String> created =
        obeyed(admin.createTopics(wanted).values(), TopicExistsException.class, "creating topics");
    calls.awaitUntil(() -> inspection.ready(created), "creating topics");
    return created;
  }

  /**
   * The topics for which the request was obeyed.
   *
   * @param beaten the error that says that somebody else did it in the meantime, which is as good
   */
  private Set<String> obeyed(
      Map<String, KafkaFuture<Void>> answers, Class<? extends ApiException> beaten, String doing) {
    Set<String> done = new HashSet<>();
    answers.forEach(
        (name, answer) -> {
          try {
            calls.await(answer, "%s: %s".formatted(doing, name));
            done.add(name);
          } catch (TopicSetupException e) {
            if (!beaten.isInstance(e.getCause())) {
              throw e;
            }
          }
        });
    return done;
  }

  private void correct(TopicState topic) {
    List<AlterConfigOp> changes =
        corrections(topic).stream()
            .map(
                d ->
                    new AlterConfigOp(
                        new ConfigEntry(d.what(), d.wanted()), AlterConfigOp.OpType.SET))
            .toList();
    if (!changes.isEmpty()) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
      calls.await(
          admin.incrementalAlterConfigs(Map.of(resource, changes)).all(),
          "changing the configuration of " + topic.name());
    }
  }

  private static List<Difference> corrections(TopicState topic) {
    return topic.differences().stream().filter(Difference::correctable).toList();
  }

  private static TopicState corrected(TopicState before, TopicState after) {
    List<Difference> corrections = corrections(before);
    boolean changed = before.condition() == Condition.PRESENT && !corrections.isEmpty();
    return after.as(changed ? Condition.CORRECTED : before.condition(), corrections);
  }
}
