// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

class DenseIndexTest extends SegmentCodecContract {

  @Override
  int[] indices(int length, double share) {
    return Updates.everything(length);
  }
}
