// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Reference;

/** Encodings that have a name. */
enum EncodingPreset {
  /** Every element as float32. */
  DENSE_F32(Index.DENSE, Value.F32),
  /** Every element as float16: half the bytes, 11 significant bits. */
  DENSE_F16(Index.DENSE, Value.F16),
  /** A share of the elements, those of greatest magnitude, as float32. */
  TOP_K(Index.SMALLEST, Value.F32);

  private final Index index;
  private final Value value;

  EncodingPreset(Index index, Value value) {
    this.index = index;
    this.value = value;
  }

  boolean sparse() {
    return index != Index.DENSE;
  }

  /**
   * @param fraction of the elements that are sent; 1 for a dense preset
   */
  EncodingSettings settings(double fraction) {
    int bits = value == Value.F32 ? Float.SIZE : Short.SIZE;
    return new EncodingSettings(Choice.word(this), Reference.DELTA, index, value, bits, fraction);
  }
}
