// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import static anabranch.job.config.EncodingKeys.AXES;
import static anabranch.job.config.EncodingKeys.ENCODING_ALLOCATION;
import static anabranch.job.config.EncodingKeys.ENCODING_BITS;
import static anabranch.job.config.EncodingKeys.ENCODING_ERROR_FEEDBACK;
import static anabranch.job.config.EncodingKeys.ENCODING_FIT;
import static anabranch.job.config.EncodingKeys.ENCODING_FRACTION;
import static anabranch.job.config.EncodingKeys.ENCODING_GROUP;
import static anabranch.job.config.EncodingKeys.ENCODING_INDEX;
import static anabranch.job.config.EncodingKeys.ENCODING_PRESET;
import static anabranch.job.config.EncodingKeys.ENCODING_RANK;
import static anabranch.job.config.EncodingKeys.ENCODING_REFERENCE;
import static anabranch.job.config.EncodingKeys.ENCODING_RESTRICTED;
import static anabranch.job.config.EncodingKeys.ENCODING_ROUNDING;
import static anabranch.job.config.EncodingKeys.ENCODING_SELECTION;
import static anabranch.job.config.EncodingKeys.ENCODING_TRANSFORM;
import static anabranch.job.config.EncodingKeys.ENCODING_UNBIASED;
import static anabranch.job.config.EncodingKeys.ENCODING_VALUE;

import anabranch.protocol.codec.EncodingAxes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Transform;
import anabranch.protocol.codec.EncodingSettings.Value;

/** Makes encoding settings out of a preset or of axes. */
final class EncodingChoice {

  private static final String NO_PRESET = "custom";

  private EncodingChoice() {}

  /**
   * @param values of all encoding keys
   */
  static EncodingSettings of(ConfigValues values) {
    boolean axes = AXES.stream().anyMatch(values::isGiven);
    EncodingSettings settings = axes ? ofAxes(values) : values.get(ENCODING_PRESET);
    return values.get(ENCODING_ERROR_FEEDBACK).map(settings::withErrorFeedback).orElse(settings);
  }

  private static EncodingSettings ofAxes(ConfigValues values) {
    EncodingAxes axes =
        new EncodingAxes(NO_PRESET)
            .reference(values.get(ENCODING_REFERENCE))
            .index(values.get(ENCODING_INDEX), values.get(ENCODING_FRACTION))
            .selection(values.get(ENCODING_SELECTION))
            .groups(Math.toIntExact(values.get(ENCODING_GROUP)))
            .allocation(values.get(ENCODING_ALLOCATION));
    Transform transform = values.get(ENCODING_TRANSFORM);
    axes.transform(
        transform,
        transform == Transform.LOW_RANK ? Math.toIntExact(values.get(ENCODING_RANK)) : 0);
    axes.unbiased(values.get(ENCODING_UNBIASED)).restricted(values.get(ENCODING_RESTRICTED));
    Value value = values.get(ENCODING_VALUE);
    switch (value) {
      case F32 -> axes.value(value, Float.SIZE);
      case F16, BF16 -> axes.value(value, Short.SIZE);
      case AFFINE ->
          axes.affine(
              Math.toIntExact(values.get(ENCODING_BITS)),
              values.get(ENCODING_FIT),
              values.get(ENCODING_ROUNDING));
    }
    return axes.build();
  }
}
