// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.job.kafka.PublishSink;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.internals.Topic;

/**
 * Whether the brokers' settings allow the job's transactions. A lower {@code
 * transaction.max.timeout.ms} than the job's timeout fails the job as it starts; internal topics
 * that want more copies than there are brokers are never made, and then neither transactions nor
 * consumer groups work; with one copy of them a lost disk loses the outcome of transactions.
 */
final class TransactionLimitsCheck implements Check {

  private static final String TIMEOUT = "transaction.max.timeout.ms";
  private static final String COPIES = "transaction.state.log.replication.factor";
  private static final String IN_STEP = "transaction.state.log.min.isr";
  private static final String OFFSETS_COPIES = "offsets.topic.replication.factor";
  private static final int SAFE = 3;

  @Override
  public String name() {
    return "transaction limits";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    KafkaSide kafka = examination.kafka();
    int brokers = kafka.brokers().brokers().size();
    // A topic that is there has the copies that it has: the trial shows whether they are enough.
    Set<String> there =
        KafkaSide.await(
            kafka.admin().listTopics(new ListTopicsOptions().listInternal(true)).names(),
            "listing internal topics");
    Problems problems = new Problems();
    for (Map.Entry<Integer, Config> broker : kafka.settings().entrySet()) {
      String name = "broker " + broker.getKey();
      examineTimeout(name, broker.getValue(), problems);
      if (!there.contains(Topic.TRANSACTION_STATE_TOPIC_NAME)) {
        examineCopies(name, broker.getValue(), COPIES, brokers, problems);
        examineInStep(name, broker.getValue(), brokers, problems);
      }
      if (!there.contains(Topic.GROUP_METADATA_TOPIC_NAME)) {
        examineCopies(name, broker.getValue(), OFFSETS_COPIES, brokers, problems);
      }
    }
    return problems.orOk(
        name(),
        "%s allows the job's %d ms, and internal topics can be made"
            .formatted(TIMEOUT, PublishSink.TRANSACTION_TIMEOUT.toMillis()));
  }

  private static void examineTimeout(String broker, Config settings, Problems problems)
      throws NotCheckedException {
    long needed = PublishSink.TRANSACTION_TIMEOUT.toMillis();
    long longest = KafkaSide.number(settings, TIMEOUT);
    if (longest < needed) {
      problems.failed(
          "%s: %s is %d, the job's transactions have %d"
              .formatted(broker, TIMEOUT, longest, needed),
          "set %s=%d on every broker, its default".formatted(TIMEOUT, needed));
    }
  }

  private static void examineCopies(
      String broker, Config settings, String key, int brokers, Problems problems)
      throws NotCheckedException {
    long copies = KafkaSide.number(settings, key);
    if (copies > brokers) {
      problems.failed(
          "%s: %s is %d, the number of brokers is %d".formatted(broker, key, copies, brokers),
          "start more brokers or lower %s".formatted(key));
    } else if (copies < SAFE && brokers >= SAFE) {
      problems.warning(
          "%s: %s is %d: a lost disk can lose what it holds".formatted(broker, key, copies),
          "set %s=%d before the internal topics are made".formatted(key, SAFE));
    }
  }

  private static void examineInStep(String broker, Config settings, int brokers, Problems problems)
      throws NotCheckedException {
    long copies = Math.min(brokers, KafkaSide.number(settings, COPIES));
    long inStep = KafkaSide.number(settings, IN_STEP);
    if (inStep > copies) {
      problems.failed(
          "%s: %s is %d, there can be %d copies".formatted(broker, IN_STEP, inStep, copies),
          "lower %s, or start more brokers".formatted(IN_STEP));
    }
  }
}
