// SPDX-License-Identifier: Apache-2.0
package anabranch.job.kafka;

import anabranch.protocol.Topics;
import anabranch.udf.message.Publication;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;

/**
 * The job's one sink for all topics: one Kafka transaction a checkpoint.
 *
 * <p>Transactional ids are pooled. The connector's default takes a new id at every checkpoint, and
 * the broker keeps each for a week: with a checkpoint every 500 ms that is a gigabyte of its heap.
 * The prefix depends on the federation alone, so a job that starts again finds and ends what its
 * predecessor left open; otherwise readers would wait for the transaction's timeout.
 */
public final class PublishSink {

  /** The longest that an untouched broker allows. */
  public static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(15);

  /** What may wait in a producer to be sent, in bytes. */
  public static final long BUFFER_BYTES = 64L << 20;

  /**
   * What a request may carry. With Kafka's mebibyte a request takes one full segment, and the
   * broker answers one request of a connection after the other; a new version of a large model then
   * waits for as many answers as it has segments.
   */
  private static final int REQUEST_BYTES = 8 << 20;

  /**
   * How long a small record waits for others, which then share a batch and its header of 61 bytes.
   * It delays nothing: readers see a record after the checkpoint, which sends all that waits.
   */
  private static final Duration LINGER = Duration.ofMillis(50);

  private PublishSink() {}

  /**
   * @param clientProperties what any Kafka client needs to connect
   */
  public static Sink<Publication> of(Topics topics, Properties clientProperties) {
    return new AdminClosingSink<>(
        KafkaSink.<Publication>builder()
            .setProperty("max.request.size", Integer.toString(REQUEST_BYTES))
            .setProperty("linger.ms", Long.toString(LINGER.toMillis()))
            .setProperty("buffer.memory", Long.toString(BUFFER_BYTES))
            .setKafkaProducerConfig(clientProperties)
            .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
            .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
            .setTransactionalIdPrefix(topics.transactionalIdPrefix())
            .setProperty("transaction.timeout.ms", Long.toString(TRANSACTION_TIMEOUT.toMillis()))
            .setRecordSerializer(new PublicationRecords(topics))
            .build());
  }
}
