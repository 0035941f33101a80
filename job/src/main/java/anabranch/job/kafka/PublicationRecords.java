// SPDX-License-Identifier: Apache-2.0
package anabranch.job.kafka;

import anabranch.protocol.Topics;
import anabranch.udf.message.Publication;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends each publication to its topic. It names all its topics because pooled transactional ids
 * demand it: at the start the sink looks there for transactions that a predecessor left open.
 */
final class PublicationRecords
    implements KafkaRecordSerializationSchema<Publication>, KafkaDatasetFacetProvider {

  private final String federation;
  private transient Topics topics;

  PublicationRecords(Topics topics) {
    this.federation = topics.federation();
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Publication publication, KafkaSinkContext context, Long timestamp) {
    Integer partition =
        publication.partition() == Publication.ANY_PARTITION ? null : publication.partition();
    return new ProducerRecord<>(
        topicOf(publication.topic()),
        partition,
        publication.timestamp(),
        publication.key(),
        publication.value());
  }

  private String topicOf(Publication.Topic topic) {
    return switch (topic) {
      case MODEL -> topics().model();
      case PLANS -> topics().plans();
      case ROUNDS -> topics().rounds();
      case DELTAS -> topics().deltas();
      case REJECTED -> topics().rejected();
      case CONTROL -> topics().control();
    };
  }

  private Topics topics() {
    if (topics == null) {
      topics = new Topics(federation);
    }
    return topics;
  }

  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(
            DefaultKafkaDatasetIdentifier.ofTopics(
                List.of(
                    topics().model(),
                    topics().deltas(),
                    topics().plans(),
                    topics().rounds(),
                    topics().rejected(),
                    topics().control()))));
  }
}
