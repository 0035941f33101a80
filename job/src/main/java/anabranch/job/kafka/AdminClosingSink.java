// SPDX-License-Identifier: Apache-2.0
package anabranch.job.kafka;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * The connector's sink, without the admin client that its writer opens and never closes.
 *
 * <p>With pooled ids a writer looks once, as it starts, for transactions that a predecessor left
 * open. The client that it asks with (flink-connector-kafka 5.0.0) has a thread that outlives the
 * job and holds its classes: 17 MB of a TaskManager's metaspace for every submission.
 */
final class AdminClosingSink<T>
    implements TwoPhaseCommittingStatefulSink<T, KafkaWriterState, KafkaCommittable>,
        SupportsPostCommitTopology<KafkaCommittable> {

  private static final long serialVersionUID = 1L;

  private static final String FIELD = "adminClient";

  private final KafkaSink<T> sink;

  AdminClosingSink(KafkaSink<T> sink) {
    this.sink = sink;
  }

  @Override
  public PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> createWriter(
      WriterInitContext context) throws IOException {
    return withoutAdmin(sink.createWriter(context));
  }

  @Override
  public PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> restoreWriter(
      WriterInitContext context, Collection<KafkaWriterState> recovered) throws IOException {
    return withoutAdmin(sink.restoreWriter(context, recovered));
  }

  /** Nobody else can reach the client; the writer would open another if it needed one again. */
  private static <W> W withoutAdmin(W writer) throws IOException {
    try {
      Field field = writer.getClass().getDeclaredField(FIELD);
      field.setAccessible(true);
      AutoCloseable admin = (AutoCloseable) field.get(writer);
      if (admin != null) {
        field.set(writer, null);
        admin.close();
      }
      return writer;
    } catch (Exception e) {
      throw new IOException(
          "%s has no admin client in '%s' that can be closed: this release of the Kafka connector differs from the one that the job was built with"
              .formatted(writer.getClass().getName(), FIELD),
          e);
    }
  }

  @Override
  public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) {
    return sink.createCommitter(context);
  }

  @Override
  public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
    return sink.getCommittableSerializer();
  }

  @Override
  public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
    return sink.getWriterStateSerializer();
  }

  @Override
  public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committed) {
    sink.addPostCommitTopology(committed);
  }
}
