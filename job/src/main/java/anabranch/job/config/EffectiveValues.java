// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

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
    encoding.put(ClientKeys.ENCODING_PRESET.path(), settings.preset());
    encoding.put(ClientKeys.ENCODING_REFERENCE.path(), Choice.word(settings.reference()));
    encoding.put(ClientKeys.ENCODING_INDEX.path(), Choice.word(settings.index()));
    encoding.put(ClientKeys.ENCODING_VALUE.path(), Choice.word(settings.value()));
    encoding.put(ClientKeys.ENCODING_BITS.path(), Integer.toString(settings.bits()));
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
