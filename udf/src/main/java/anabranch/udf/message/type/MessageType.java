// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import anabranch.udf.message.ConsumedRecord;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.Publication;
import anabranch.udf.message.Sealed;
import anabranch.udf.message.SegmentPayload;
import java.util.Objects;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Tells Flink which serializer a message has, so that none falls back to Kryo. */
public final class MessageType<T> extends TypeInformation<T> {

  public static final TypeInformation<ConsumedRecord> CONSUMED_RECORD =
      new MessageType<>(ConsumedRecord.class, ConsumedRecordSerializer.INSTANCE);
  public static final TypeInformation<Header> HEADER =
      new MessageType<>(Header.class, HeaderSerializer.INSTANCE);
  public static final TypeInformation<SegmentPayload> SEGMENT_PAYLOAD =
      new MessageType<>(SegmentPayload.class, SegmentPayloadSerializer.INSTANCE);
  public static final TypeInformation<Order> ORDER =
      new MessageType<>(Order.class, OrderSerializer.INSTANCE);
  public static final TypeInformation<Sealed> SEALED =
      new MessageType<>(Sealed.class, SealedSerializer.INSTANCE);
  public static final TypeInformation<Draft> DRAFT =
      new MessageType<>(Draft.class, DraftSerializer.INSTANCE);
  public static final TypeInformation<Publication> PUBLICATION =
      new MessageType<>(Publication.class, PublicationSerializer.INSTANCE);

  private final Class<T> type;
  private final TypeSerializer<T> serializer;

  private MessageType(Class<T> type, TypeSerializer<T> serializer) {
    this.type = type;
    this.serializer = serializer;
  }

  @Override
  public TypeSerializer<T> createSerializer(SerializerConfig config) {
    return serializer;
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<T> getTypeClass() {
    return type;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public String toString() {
    return type.getSimpleName();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MessageType<?> that && type == that.type;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof MessageType<?>;
  }

  @Override
  public int hashCode() {
    return Objects.hash(type.getName());
  }
}
