// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.client.topic.GlobalModel;
import anabranch.client.topic.GlobalModelReader;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.ModelIncompleteException;
import anabranch.job.config.KafkaConfig;
import anabranch.protocol.Topics;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/**
 * Whether there is a model that is announced, whole, and as its digests say. Without one the
 * submission is refused; with a damaged one the job stops as it loads it.
 */
final class ModelCheck implements Check {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Override
  public String name() {
    return "model";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    Topics topics = examination.config().topics();
    for (String topic : new String[] {topics.plans(), topics.model()}) {
      if (!examination.kafka().descriptions().containsKey(topic)) {
        throw new NotCheckedException("there is no topic " + topic);
      }
    }
    KafkaConfig kafka = examination.config().kafka();
    try (GlobalModelReader reader =
        GlobalModelReader.ofAllBlocks(
            new KafkaConnection(kafka.bootstrapServers(), kafka.properties()), topics)) {
      Optional<GlobalModel> newest = reader.newest(PATIENCE);
      if (newest.isEmpty()) {
        return Finding.failed(
            name(), "none is announced", "run './anabranch model init --model NAME'");
      }
      GlobalModel model = newest.get();
      return Finding.ok(
          name(),
          "version %d of %s, %,d parameters, as its digests say"
              .formatted(
                  model.version(), model.manifest().architecture(), model.manifest().size()));
    } catch (ModelIncompleteException e) {
      return Finding.failed(
          name(),
          e.getMessage(),
          "let a job publish its newest version again from its savepoint; before the first round:"
              + " delete the topics, create them and run './anabranch model init'");
    } catch (KafkaException e) {
      return Finding.failed(
          name(), "it cannot be read: " + e.getMessage(), "see 'brokers' and 'permissions'");
    }
  }
}
