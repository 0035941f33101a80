// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.operator;

import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.model.Segment;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.message.type.MessageType;
import anabranch.udf.round.FederationPolicy;
import anabranch.udf.testkit.Models;
import anabranch.udf.testkit.UpdateBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/**
 * All operators of a job in a row, each in its harness. What one sends another is written to bytes
 * and read again, as between two machines.
 */
final class Pipeline implements AutoCloseable {

  final List<Publication> published = new ArrayList<>();
  private final OneInputStreamOperatorTestHarness<ConsumedRecord, Header> updates;
  private final OneInputStreamOperatorTestHarness<ConsumedRecord, Header> checkIns;
  private final OneInputStreamOperatorTestHarness<ConsumedRecord, Header> model;
  private final KeyedOneInputStreamOperatorTestHarness<Integer, Header, Order> coordinate;
  private final AggregateStage aggregate = new AggregateStage(HashMapStateBackend::new, 0);
  private final KeyedTwoInputStreamOperatorTestHarness<Integer, Draft, Sealed, Publication> seal;
  private long checkpoint;
  private long offset;

  Pipeline(FederationPolicy policy) throws Exception {
    updates =
        Harnesses.process(
            new ValidateUpdatesFunction(Models.MANIFEST, policy.bounds(), policy.rule(), false),
            MessageType.HEADER);
    checkIns = Harnesses.process(new ValidateCheckInsFunction(), MessageType.HEADER);
    model = Harnesses.process(new ValidateModelFunction(Models.MANIFEST), MessageType.HEADER);
    coordinate =
        Harnesses.coordinate(
            policy,
            new HeadAnnouncements(List.of(Models.initial()), false),
            null,
            System.currentTimeMillis());
    seal = Harnesses.seal(new HashMapStateBackend(), null);
  }

  /** Puts version 0 of the model on its topic. */
  void initialModel() throws Exception {
    for (Segment segment : Models.MANIFEST.segments()) {
      Bytes values = Bytes.of(Models.bytes(Models.values(segment.index(), 0)));
      model.processElement(
          record(
              RecordId.Source.MODEL,
              Models.MANIFEST.ringKey(segment, 0),
              Records.encode(new ModelSegment(segment.block(), segment.index(), 0, values))),
          0);
      flow(model);
    }
  }

  void checkIn(String client, long samples) throws Exception {
    byte[] value = Records.encode(UpdateBuilder.checkIn(client, samples));
    checkIns.processElement(record(RecordId.Source.CLIENTS, client, value), 0);
    flow(checkIns);
  }

  void update(String client, byte[] value) throws Exception {
    updates.processElement(record(RecordId.Source.UPDATES, client, value), 0);
    flow(updates);
  }

  private ConsumedRecord record(RecordId.Source source, String key, byte[] value) {
    return new ConsumedRecord(
        new RecordId(source, 0, offset++), key.getBytes(StandardCharsets.UTF_8), value);
  }

  /** A checkpoint is taken and completes. */
  void checkpoint() throws Exception {
    coordinate.snapshot(++checkpoint, checkpoint);
    coordinate.notifyOfCompletedCheckpoint(checkpoint);
  }

  Announcement newestAnnouncement() {
    List<Publication> plans =
        published.stream().filter(p -> p.topic() == Publication.Topic.PLANS).toList();
    return Records.decodeAnnouncement(plans.get(plans.size() - 1).value());
  }

  /** Orders go ahead of payloads, so that aggregators have to wait. */
  private void flow(OneInputStreamOperatorTestHarness<ConsumedRecord, Header> validate)
      throws Exception {
    for (Header header : take(validate, MessageType.HEADER)) {
      coordinate.processElement(header, 0);
    }
    for (Order order : take(coordinate, MessageType.ORDER)) {
      aggregate.order(order);
    }
    for (SegmentPayload payload :
        take(validate, ValidateUpdatesFunction.SEGMENTS, MessageType.SEGMENT_PAYLOAD)) {
      aggregate.payload(payload);
    }
    for (Draft draft : take(coordinate, CoordinateFunction.DRAFTS, MessageType.DRAFT)) {
      seal.processElement1(draft, 0);
    }
    for (Sealed word : aggregate.sealed) {
      seal.processElement2(word, 0);
    }
    aggregate.sealed.clear();
    published.addAll(aggregate.published);
    aggregate.published.clear();
    published.addAll(take(seal, MessageType.PUBLICATION));
    published.addAll(take(coordinate, CoordinateFunction.REJECTED, MessageType.PUBLICATION));
  }

  private static <T> List<T> take(
      AbstractStreamOperatorTestHarness<T> harness, TypeInformation<T> type) throws IOException {
    List<T> taken = copies(harness.extractOutputValues(), type);
    harness.getOutput().clear();
    return taken;
  }

  private static <T> List<T> take(
      AbstractStreamOperatorTestHarness<?> harness, OutputTag<T> tag, TypeInformation<T> type)
      throws IOException {
    List<T> taken = copies(Harnesses.side(harness, tag), type);
    if (!taken.isEmpty()) {
      harness.getSideOutput(tag).clear();
    }
    return taken;
  }

  private static <T> List<T> copies(List<T> messages, TypeInformation<T> type) throws IOException {
    TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
    List<T> copies = new ArrayList<>();
    for (T message : messages) {
      DataOutputSerializer out = new DataOutputSerializer(256);
      serializer.serialize(message, out);
      copies.add(serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())));
    }
    return copies;
  }

  @Override
  public void close() {
    for (var harness : List.of(updates, checkIns, model, coordinate, seal)) {
      try {
        harness.close();
      } catch (Exception e) {
        throw new IllegalStateException("an operator does not close", e);
      }
    }
    aggregate.close();
  }
}
