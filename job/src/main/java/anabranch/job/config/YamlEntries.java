// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads YAML as a stream of entries with dotted paths and line numbers. Nested sections and dotted
 * keys mean the same. Scalars are kept as written: what they are is for the table of keys to say.
 */
final class YamlEntries {

  private final JsonParser parser;
  private final ConfigErrors errors;
  private final Consumer<ConfigEntry> entries;
  private final Map<String, String> origins = new HashMap<>();

  private YamlEntries(JsonParser parser, ConfigErrors errors, Consumer<ConfigEntry> entries) {
    this.parser = parser;
    this.errors = errors;
    this.entries = entries;
  }

  /**
   * @param yaml one document
   * @param errors takes what is wrong with its form
   * @param entries takes every scalar, in the order of the document
   */
  static void read(String yaml, ConfigErrors errors, Consumer<ConfigEntry> entries) {
    try (JsonParser parser = new YAMLFactory().createParser(yaml)) {
      new YamlEntries(parser, errors, entries).document();
    } catch (JsonProcessingException e) {
      errors.add("", "line " + e.getLocation().getLineNr(), "no YAML: " + firstLine(e));
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  private static String firstLine(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("unreadable");
  }

  private void document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_OBJECT) {
      section("");
      if (parser.nextToken() != null) {
        errors.add("", origin(), "a second document begins; one is expected");
      }
    } else if (first != null) {
      errors.add("", origin(), "found '%s', expected keys".formatted(parser.getText()));
    }
  }

  /** Reads up to the end of the section whose beginning was read. */
  private void section(String prefix) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String path = prefix + parser.currentName();
      String origin = origin();
      switch (parser.nextToken()) {
        case START_OBJECT -> section(path + ".");
        case START_ARRAY -> {
          parser.skipChildren();
          errors.add(path, origin, "found a list, expected one value");
        }
        case VALUE_NULL -> scalar(new ConfigEntry(path, null, origin));
        default -> scalar(new ConfigEntry(path, parser.getText(), origin));
      }
    }
  }

  private void scalar(ConfigEntry entry) {
    String before = origins.putIfAbsent(entry.path(), entry.origin());
    if (before == null) {
      entries.accept(entry);
    } else {
      errors.add(entry, "given before, on " + before);
    }
  }

  private String origin() {
    return "line " + parser.currentTokenLocation().getLineNr();
  }
}
