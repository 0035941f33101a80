// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.job.kafka.PublishSink;
import anabranch.protocol.Topics;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Begins and aborts a transaction with the job's timeout. It decides what settings only suggest:
 * that a coordinator is found, that its log can be written to, and that this user may have a
 * transactional id under the job's prefix. It writes to no topic of the federation.
 *
 * <p>The id fences nobody: the connector puts {@code -subtask-number} behind the prefix, and a
 * federation's name, which could look like the rest of an id, has no dot.
 */
final class TransactionTrialCheck implements Check {

  private static final String SUFFIX = ".doctor";
  private static final String PATIENCE_MILLIS = "15000";

  @Override
  public String name() {
    return "transaction trial";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    examination.kafka().admin();
    Topics topics = examination.config().topics();
    String id = topics.transactionalIdPrefix() + SUFFIX;
    Map<String, Object> properties = examination.kafka().clientProperties();
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
    properties.put(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        Long.toString(PublishSink.TRANSACTION_TIMEOUT.toMillis()));
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS);
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
      producer.beginTransaction();
      producer.abortTransaction();
      return Finding.ok(name(), "begun and aborted as '%s'; nothing was written".formatted(id));
    } catch (KafkaException e) {
      return Finding.failed(name(), "'%s': %s".formatted(id, e.getMessage()), advice(e, topics));
    } finally {
      producer.close(Duration.ZERO);
    }
  }

  private static String advice(KafkaException failure, Topics topics) {
    if (failure instanceof AuthorizationException) {
      return "allow this user WRITE and DESCRIBE on transactional ids with the prefix '%s'"
          .formatted(topics.transactionalIdPrefix());
    }
    if (failure instanceof TimeoutException) {
      return "no transaction coordinator answered: see 'transaction limits', and the brokers' logs"
          + " for the topic __transaction_state";
    }
    return "see 'transaction limits' and the brokers' logs";
  }
}
