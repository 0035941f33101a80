// SPDX-License-Identifier: Apache-2.0
package anabranch.job.kafka;

import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.type.MessageType;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Passes records on unread. An exception in a source fails the job, and the same record would fail
 * it again after every restart: looking into bytes is the business of the operators behind.
 */
final class ConsumedRecordDeserializer implements KafkaRecordDeserializationSchema<ConsumedRecord> {

  private final RecordId.Source source;

  ConsumedRecordDeserializer(RecordId.Source source) {
    this.source = source;
  }

  @Override
  public void deserialize(
      ConsumerRecord<byte[], byte[]> record, Collector<ConsumedRecord> collector) {
    collector.collect(
        new ConsumedRecord(
            new RecordId(source, record.partition(), record.offset()),
            record.key(),
            record.value()));
  }

  @Override
  public TypeInformation<ConsumedRecord> getProducedType() {
    return MessageType.CONSUMED_RECORD;
  }
}
