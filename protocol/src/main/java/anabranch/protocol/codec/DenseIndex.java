// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.Bytes;
import anabranch.protocol.codec.MalformedUpdateException.Reason;

/** Every element is present, so there is nothing to write; decoding leaves the indices alone. */
record DenseIndex() implements IndexCodec {

  @Override
  public long size(int[] indices, int count, int length) {
    return 0;
  }

  @Override
  public byte[] encode(int[] indices, int count, int length) {
    return new byte[0];
  }

  @Override
  public void decode(Bytes bytes, int count, int length, int[] indices)
      throws MalformedUpdateException {
    if (count != length) {
      throw new MalformedUpdateException(
          Reason.COUNT, "dense: " + count + " values for a segment of " + length);
    }
    Payload.requireLength(bytes, 0, "dense index");
  }
}
