// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Bytes;
import anabranch.protocol.model.Digest;
import anabranch.udf.aggregation.SegmentSum;
import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.RecordId;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.SegmentPayload;
import anabranch.udf.message.SegmentProgress;
import anabranch.udf.movement.MovementTrace;
import anabranch.udf.movement.StageCourse;
import anabranch.udf.testkit.Models;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.testutils.DeeplyEqualsChecker;
import org.junit.jupiter.api.Nested;

/** Flink's own tests of a serializer, for each of ours. */
class SerializersTest {

  abstract static class Contract<T> extends SerializerTestBase<T> {

    private final TypeSerializer<T> serializer;
    private final Class<T> type;
    private final T[] samples;

    Contract(TypeSerializer<T> serializer, Class<T> type, T[] samples) {
      super(new DeeplyEqualsChecker().withCustomCheck((should, is) -> true, Contract::equal));
      this.serializer = serializer;
      this.type = type;
      this.samples = samples;
    }

    @Override
    protected TypeSerializer<T> createSerializer() {
      return serializer;
    }

    @Override
    protected int getLength() {
      return -1;
    }

    @Override
    protected Class<T> getTypeClass() {
      return type;
    }

    @Override
    protected T[] getTestData() {
      return samples.clone();
    }

    /** There are no empty messages to instantiate. */
    @Override
    protected void testInstantiate() {}

    /** Field by field, since records compare arrays by identity. */
    private static boolean equal(Object should, Object is, DeeplyEqualsChecker checker) {
      assertThat(is).hasSameClassAs(should);
      assertThat(is)
          .usingRecursiveComparison()
          .withEqualsForType(Bytes::equals, Bytes.class)
          .withEqualsForType(Digest::equals, Digest.class)
          .withEqualsForType(Double::equals, Double.class)
          .withEqualsForType(Float::equals, Float.class)
          .isEqualTo(should);
      return true;
    }
  }

  @Nested
  class Orders extends Contract<Order> {
    Orders() {
      super(OrderSerializer.INSTANCE, Order.class, Messages.ORDERS);
    }
  }

  @Nested
  class Headers extends Contract<Header> {
    Headers() {
      super(HeaderSerializer.INSTANCE, Header.class, Messages.HEADERS);
    }
  }

  @Nested
  class Payloads extends Contract<SegmentPayload> {
    Payloads() {
      super(SegmentPayloadSerializer.INSTANCE, SegmentPayload.class, Messages.PAYLOADS);
    }
  }

  @Nested
  class Progress extends Contract<SegmentProgress> {
    Progress() {
      super(SegmentProgressSerializer.INSTANCE, SegmentProgress.class, Messages.PROGRESS);
    }
  }

  @Nested
  class SealedWords extends Contract<Sealed> {
    SealedWords() {
      super(SealedSerializer.INSTANCE, Sealed.class, Messages.SEALED);
    }
  }

  @Nested
  class Drafts extends Contract<Draft> {
    Drafts() {
      super(DraftSerializer.INSTANCE, Draft.class, Messages.DRAFTS);
    }
  }

  @Nested
  class Publications extends Contract<Publication> {
    Publications() {
      super(PublicationSerializer.INSTANCE, Publication.class, Messages.PUBLICATIONS);
    }
  }

  @Nested
  class ConsumedRecords extends Contract<ConsumedRecord> {
    ConsumedRecords() {
      super(ConsumedRecordSerializer.INSTANCE, ConsumedRecord.class, Messages.RECORDS);
    }
  }

  @Nested
  class Sums extends Contract<SegmentSum> {
    Sums() {
      super(SegmentSumSerializer.INSTANCE, SegmentSum.class, Messages.SUMS);
    }
  }

  @Nested
  class Traces extends Contract<MovementTrace> {
    Traces() {
      super(MovementTraceSerializer.INSTANCE, MovementTrace.class, Messages.TRACES);
    }
  }

  @Nested
  class Courses extends Contract<StageCourse> {
    Courses() {
      super(StageCourseSerializer.INSTANCE, StageCourse.class, Messages.COURSES);
    }
  }

  @Nested
  class ModelValues extends Contract<float[]> {
    ModelValues() {
      super(FloatArraySerializer.INSTANCE, float[].class, Messages.FLOATS);
    }
  }

  @Nested
  class RecordIds extends Contract<RecordId> {
    RecordIds() {
      super(RecordIdSerializer.INSTANCE, RecordId.class, new RecordId[] {Messages.ID});
    }
  }

  @Nested
  class Digests extends Contract<Digest> {
    Digests() {
      super(DigestSerializer.INSTANCE, Digest.class, new Digest[] {Models.manifestDigest()});
    }
  }
}
