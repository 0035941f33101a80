// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The way of values from Java's heap into native memory. DJL takes a direct buffer for every array
 * that it is given, which only Java's garbage collector frees, long after the array is closed: with
 * large batches and weights that is more than training itself takes. Here one buffer serves for
 * all.
 */
final class Staging {

  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  /** A copy of values in native memory, which goes when it is closed. */
  NDArray copy(float[] values, int from, Shape shape, NDManager manager) {
    try (NDArray view = view(values, from, shape, manager)) {
      return view.duplicate();
    }
  }

  /** The values in the buffer itself: good until something else is brought over. */
  NDArray view(float[] values, int from, Shape shape, NDManager manager) {
    int size = Math.toIntExact(shape.size());
    int bytes = Math.multiplyExact(Float.BYTES, size);
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
    buffer.clear().limit(bytes);
    buffer.asFloatBuffer().put(values, from, size);
    return manager.create(buffer, shape, DataType.FLOAT32);
  }
}
