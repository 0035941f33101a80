// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.kafka.topics.Difference;
import anabranch.kafka.topics.TopicState;
import java.util.List;
import java.util.Set;

/**
 * Whether the topics are those of the table. A broker that creates topics by itself makes them with
 * one partition and without compaction: the model topic then grows until its oldest segments, and
 * with them the model, are deleted.
 */
final class TopicsCheck implements Check {

  /** Settings on which correctness rests; a difference in any other is worth a warning. */
  private static final Set<String> DECISIVE =
      Set.of(Difference.PARTITIONS, "cleanup.policy", "message.timestamp.type");

  private static final Set<String> AT_LEAST = Set.of("retention.ms", "delete.retention.ms");
  private static final String CREATE = "run './anabranch topics create'";
  private static final String CORRECT =
      "run './anabranch topics create --correct'; where partitions differ, say their number in"
          + " federation.yaml or delete the topics and create them again";

  @Override
  public String name() {
    return "topics";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    List<TopicState> states = examination.kafka().topics();
    Problems problems = new Problems();
    for (TopicState topic : states) {
      if (!topic.exists()) {
        problems.failed("%s is missing".formatted(topic.name()), CREATE);
      }
      for (Difference difference : topic.differences()) {
        String what =
            "%s: %s is %s, wanted is %s"
                .formatted(
                    topic.name(), difference.what(), difference.found(), difference.wanted());
        if (isDecisive(difference)) {
          problems.failed(what, CORRECT);
        } else {
          problems.warning(what, CORRECT);
        }
      }
    }
    return problems.orOk(name(), "all %d are there, as their table says".formatted(states.size()));
  }

  private static boolean isDecisive(Difference difference) {
    return DECISIVE.contains(difference.what())
        || AT_LEAST.contains(difference.what()) && isLess(difference);
  }

  /** Kafka writes "for ever" as -1. */
  private static boolean isLess(Difference difference) {
    try {
      long found = Long.parseLong(difference.found());
      return found >= 0 && found < Long.parseLong(difference.wanted());
    } catch (NumberFormatException e) {
      return true;
    }
  }
}
