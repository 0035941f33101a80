// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message.type;

import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Base of the serializers of messages that nobody changes: copies are the object itself, so a
 * payload that lies in heap state is not copied while a snapshot is being written.
 *
 * <p>What is written begins with a format number, so that state written by an older release stays
 * readable.
 */
abstract class ImmutableSerializer<T> extends TypeSerializerSingleton<T> {

  private final int format;

  /**
   * @param format number of the format that {@link #write} writes, 0 to 127
   */
  ImmutableSerializer(int format) {
    this.format = format;
  }

  abstract void write(T message, DataOutputView out) throws IOException;

  /**
   * @param format of the bytes, at most the one given to the constructor
   */
  abstract T read(int format, DataInputView in) throws IOException;

  @Override
  public final void serialize(T message, DataOutputView out) throws IOException {
    Objects.requireNonNull(message, "message");
    out.writeByte(format);
    write(message, out);
  }

  @Override
  public final T deserialize(DataInputView in) throws IOException {
    int found = in.readByte();
    if (found < 0 || found > format) {
      throw new IOException(
          "%s reads formats up to %d, not %d: state written by a newer release"
              .formatted(getClass().getSimpleName(), format, found));
    }
    return read(found, in);
  }

  @Override
  public final T deserialize(T reuse, DataInputView in) throws IOException {
    return deserialize(in);
  }

  @Override
  public final void copy(DataInputView in, DataOutputView out) throws IOException {
    serialize(deserialize(in), out);
  }

  @Override
  public final boolean isImmutableType() {
    return true;
  }

  @Override
  public final T copy(T from) {
    return from;
  }

  @Override
  public final T copy(T from, T reuse) {
    return from;
  }

  /** There is no empty message; Flink uses the instance only as a target to read into. */
  @Override
  public final T createInstance() {
    return null;
  }

  @Override
  public final int getLength() {
    return -1;
  }
}
