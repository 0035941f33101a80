// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

class BitmapIndexTest extends SegmentCodecContract {

  @Override
  IndexCode indexCode(int[] indices, int length) {
    return new IndexCode.Bitmap();
  }
}
