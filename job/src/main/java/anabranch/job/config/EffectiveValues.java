// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

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

import anabranch.protocol.codec.EncodingSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Lists every key with its value for people. Passwords and their like are hidden. */
final class EffectiveValues {

  private static final Pattern SECRET = Pattern.compile("password|secret|jaas|[.]key$");
  private static final String HIDDEN = "(hidden)";

  private final ConfigValues values;
  private final Map<String, String> encoding = new HashMap<>();

  private EffectiveValues(ConfigValues values) {
    this.values = values;
    EncodingSettings settings = ConfigAssembly.assemble(values).encoding();
    encoding.put(ENCODING_PRESET.path(), settings.preset());
    encoding.put(ENCODING_ERROR_FEEDBACK.path(), Boolean.toString(settings.errorFeedback()));
    encoding.put(ENCODING_REFERENCE.path(), Choice.word(settings.reference()));
    encoding.put(ENCODING_TRANSFORM.path(), Choice.word(settings.transform()));
    encoding.put(ENCODING_RANK.path(), Integer.toString(settings.rank()));
    encoding.put(ENCODING_INDEX.path(), Choice.word(settings.index()));
    encoding.put(ENCODING_SELECTION.path(), Choice.word(settings.selection()));
    encoding.put(ENCODING_FRACTION.path(), Double.toString(settings.fraction()));
    encoding.put(ENCODING_GROUP.path(), Integer.toString(settings.group()));
    encoding.put(ENCODING_ALLOCATION.path(), Choice.word(settings.allocation()));
    encoding.put(ENCODING_UNBIASED.path(), Boolean.toString(settings.unbiased()));
    encoding.put(ENCODING_RESTRICTED.path(), Boolean.toString(settings.restricted()));
    encoding.put(ENCODING_VALUE.path(), Choice.word(settings.value()));
    encoding.put(ENCODING_BITS.path(), Integer.toString(settings.bits()));
    encoding.put(ENCODING_FIT.path(), Choice.word(settings.fit()));
    encoding.put(ENCODING_ROUNDING.path(), Choice.word(settings.rounding()));
  }

  /**
   * @param values of all keys, without errors
   */
  static List<EffectiveValue> of(ConfigValues values) {
    EffectiveValues effective = new EffectiveValues(values);
    return ConfigKeys.all().stream()
        .flatMap(key -> key.isMap() ? effective.entries(key) : Stream.of(effective.of(key)))
        .toList();
  }

  private Stream<EffectiveValue> entries(ConfigKey<?> key) {
    Map<?, ?> entries = (Map<?, ?>) values.get(key);
    if (entries.isEmpty()) {
      return Stream.of(new EffectiveValue(key.path(), "{}", "default", false));
    }
    return entries.entrySet().stream()
        .map(
            entry -> {
              String path = key.path() + "." + entry.getKey();
              String text = SECRET.matcher(path).find() ? HIDDEN : entry.getValue().toString();
              return new EffectiveValue(path, text, values.origin(path), true);
            });
  }

  /** Preset and axes settle each other, so what is not given has no default of its own. */
  private EffectiveValue of(ConfigKey<?> key) {
    boolean settled = encoding.containsKey(key.path()) && !values.isGiven(key);
    if (!settled) {
      return new EffectiveValue(
          key.path(), values.text(key), values.origin(key.path()), values.isGiven(key));
    }
    String text = encoding.get(key.path());
    return new EffectiveValue(
        key.path(), text, text.equals(values.text(key)) ? "default" : "by the encoding", false);
  }
}
