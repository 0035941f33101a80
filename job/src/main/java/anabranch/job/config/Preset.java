// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.job.encoding.EncodingPresets;
import anabranch.protocol.codec.EncodingSettings;

/** An encoding by name. */
record Preset() implements ValueType<EncodingSettings> {

  @Override
  public EncodingSettings parse(String text) {
    return EncodingPresets.parse(text);
  }

  @Override
  public String allowed() {
    return EncodingPresets.signatures();
  }
}
