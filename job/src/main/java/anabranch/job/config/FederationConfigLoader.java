// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a configuration from a file, from settings of the form {@code key=value}, or from a file
 * with settings on top of it. Whatever is wrong is told at once, in one {@link ConfigException}.
 */
public final class FederationConfigLoader {

  private FederationConfigLoader() {}

  /** Reads a file. */
  public static FederationConfig load(Path file) throws ConfigException {
    return load(file, List.of());
  }

  /**
   * Reads a file and settings that replace what stands there.
   *
   * @param file YAML, or null to have settings alone
   * @param settings each of the form {@code round.quorum=8}; of equal keys the last counts
   */
  public static FederationConfig load(Path file, List<String> settings) throws ConfigException {
    return ConfigAssembly.assemble(values(file, settings));
  }

  /**
   * Reads a configuration and lists every key with its value, in the order of the documentation.
   *
   * @param file YAML, or null to have settings alone
   * @param settings as in {@link #load(Path, List)}
   */
  public static List<EffectiveValue> effective(Path file, List<String> settings)
      throws ConfigException {
    return EffectiveValues.of(values(file, settings));
  }

  private static ConfigValues values(Path file, List<String> settings) throws ConfigException {
    String source = file == null ? "configuration" : file.toString();
    ConfigErrors errors = new ConfigErrors();
    Map<String, ConfigEntry> given = new LinkedHashMap<>();
    if (file != null) {
      String yaml = read(file, errors);
      YamlEntries.read(yaml, errors, entry -> given.put(entry.path(), entry));
      if (errors.concern("")) {
        // Half a file would miss keys that the whole has: that would hide what is wrong.
        errors.throwIfAny(source);
      }
    }
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        errors.add("", "--set", "found '%s', allowed is key=value".formatted(setting));
      } else {
        String path = setting.substring(0, equals);
        given.put(path, new ConfigEntry(path, setting.substring(equals + 1), "--set"));
      }
    }
    ConfigValues values = new ConfigValues(given, errors);
    Contradictions.find(values, errors);
    errors.throwIfAny(source);
    return values;
  }

  private static String read(Path file, ConfigErrors errors) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      errors.add("", "", "there is no such file; name another or give every key with --set");
    } catch (CharacterCodingException e) {
      errors.add("", "", "is not text in UTF-8");
    } catch (IOException e) {
      errors.add("", "", "cannot be read: " + e);
    }
    return "";
  }
}
