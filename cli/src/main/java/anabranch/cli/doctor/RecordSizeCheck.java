// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.client.link.StoredRecord;
import anabranch.protocol.avro.Records;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;

/**
 * Whether the largest record of the protocol passes. Kafka's own limits are above it; a cluster
 * with lower ones takes small models and refuses the first large segment, in the middle of a round.
 */
final class RecordSizeCheck implements Check {

  private static final String TOPIC_LIMIT = "max.message.bytes";
  private static final String BROKER_LIMIT = "message.max.bytes";
  private static final String CLIENT_LIMIT = "max.request.size";
  private static final int LONGEST_KEY = 128;

  /** A record of the greatest size with its key, alone in its batch. */
  static final long NEEDED = StoredRecord.bytes(LONGEST_KEY, Records.MAX_BYTES);

  @Override
  public String name() {
    return "record size";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    Problems problems = new Problems();
    Object client = examination.kafka().clientProperties().get(CLIENT_LIMIT);
    if (client != null) {
      compare("kafka.properties", CLIENT_LIMIT, Long.parseLong(client.toString()), problems);
    }
    Map<String, Config> topics =
        examination.kafka().topicSettings(examination.kafka().descriptions().keySet());
    for (Map.Entry<String, Config> topic : topics.entrySet()) {
      long limit = KafkaSide.number(topic.getValue(), TOPIC_LIMIT);
      compare(topic.getKey(), TOPIC_LIMIT, limit, problems);
    }
    if (topics.size() < examination.kafka().table().size()) {
      for (Map.Entry<Integer, Config> broker : examination.kafka().settings().entrySet()) {
        long limit = KafkaSide.number(broker.getValue(), BROKER_LIMIT);
        compare("broker " + broker.getKey(), BROKER_LIMIT, limit, problems);
      }
    }
    return problems.orOk(
        name(), "records of %,d bytes pass everywhere".formatted(Records.MAX_BYTES));
  }

  private static void compare(String where, String key, long limit, Problems problems) {
    if (limit < NEEDED) {
      problems.failed(
          "%s: %s is %d, a record takes up to %d".formatted(where, key, limit, NEEDED),
          "raise it to %d or more, or take the setting away: Kafka's default is above it"
              .formatted(NEEDED));
    }
  }
}
