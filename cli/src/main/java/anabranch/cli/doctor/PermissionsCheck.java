// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.protocol.Topics;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Whether the job may do all that it does, as the user of {@code kafka.properties}. A missing right
 * shows late: on the rejected topic with the first bad record, on the group with the first
 * checkpoint.
 */
final class PermissionsCheck implements Check {

  @Override
  public String name() {
    return "permissions";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    KafkaSide kafka = examination.kafka();
    Topics topics = examination.config().topics();
    if (!hasAuthorizer(kafka)) {
      return Finding.ok(name(), "the brokers have no authorizer: everybody may do everything");
    }
    Problems problems = new Problems();
    Set<String> unseen = new TreeSet<>();
    examineTopics(kafka, neededOnTopics(topics), problems, unseen);
    examineGroup(kafka, topics.transactionalIdPrefix(), problems, unseen);
    String rest =
        unseen.isEmpty() ? "" : "; not checked, since not there yet: " + String.join(", ", unseen);
    return problems.orOk(name(), "all that the job needs on topics and its group" + rest);
  }

  /** A cluster that has one and does not let this user look at it also says no, but differently. */
  private static boolean hasAuthorizer(KafkaSide kafka) throws NotCheckedException {
    try {
      KafkaSide.await(
          kafka.admin().describeAcls(AclBindingFilter.ANY).values(), "asking for an authorizer");
      return true;
    } catch (NotCheckedException e) {
      if (e.getCause() == null) {
        throw e;
      }
      return !(e.getCause() instanceof SecurityDisabledException);
    }
  }

  /**
   * What it publishes the job also reads: the model, the deltas and the plans as it starts, its own
   * decisions all the time, all six when the connector looks for transactions that a predecessor
   * left open.
   */
  private static Map<String, Set<AclOperation>> neededOnTopics(Topics topics) {
    Set<AclOperation> read = EnumSet.of(AclOperation.READ);
    Set<AclOperation> both = EnumSet.of(AclOperation.READ, AclOperation.WRITE);
    Map<String, Set<AclOperation>> needed = new LinkedHashMap<>();
    needed.put(topics.clients(), read);
    needed.put(topics.updates(), read);
    needed.put(topics.model(), both);
    needed.put(topics.deltas(), both);
    needed.put(topics.plans(), both);
    needed.put(topics.rounds(), both);
    needed.put(topics.rejected(), both);
    needed.put(topics.control(), both);
    return needed;
  }

  private static void examineTopics(
      KafkaSide kafka, Map<String, Set<AclOperation>> needed, Problems problems, Set<String> unseen)
      throws NotCheckedException {
    Map<String, KafkaFuture<TopicDescription>> answers =
        kafka
            .admin()
            .describeTopics(
                needed.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues();
    for (String topic : needed.keySet()) {
      try {
        Set<AclOperation> allowed =
            KafkaSide.await(answers.get(topic), "describing topic " + topic).authorizedOperations();
        compare("topic", topic, needed.get(topic), allowed, problems);
      } catch (NotCheckedException e) {
        if (e.getCause() instanceof TopicAuthorizationException) {
          compare("topic", topic, needed.get(topic), Set.of(), problems);
        } else if (e.getCause() instanceof UnknownTopicOrPartitionException) {
          unseen.add("topic " + topic);
        } else {
          throw e;
        }
      }
    }
  }

  /** To commit offsets in the group for a trial would disturb a job that runs. */
  private static void examineGroup(
      KafkaSide kafka, String group, Problems problems, Set<String> unseen)
      throws NotCheckedException {
    Set<AclOperation> needed = EnumSet.of(AclOperation.READ);
    try {
      compare(
          "group",
          group,
          needed,
          KafkaSide.await(
                  kafka
                      .admin()
                      .describeConsumerGroups(
                          List.of(group),
                          new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                      .describedGroups()
                      .get(group),
                  "describing group " + group)
              .authorizedOperations(),
          problems);
    } catch (NotCheckedException e) {
      if (e.getCause() instanceof GroupAuthorizationException) {
        compare("group", group, needed, Set.of(), problems);
      } else if (e.getCause() instanceof GroupIdNotFoundException) {
        unseen.add("group " + group);
      } else {
        throw e;
      }
    }
  }

  private static void compare(
      String kind,
      String name,
      Set<AclOperation> needed,
      Set<AclOperation> allowed,
      Problems problems) {
    Set<AclOperation> missing = EnumSet.copyOf(needed);
    missing.removeAll(allowed);
    if (!missing.isEmpty()) {
      problems.failed(
          "%s not allowed on %s %s".formatted(missing, kind, name),
          "have it allowed by kafka-acls, or log in as another user by kafka.properties");
    }
  }
}
