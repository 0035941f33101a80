// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.Comparator;
import java.util.Optional;

/** Tells what is wrong with an entry that belongs to no key, and which key may have been meant. */
final class UnknownKey {

  private UnknownKey() {}

  /** Empty when the entry belongs to a key. */
  static Optional<String> problem(ConfigEntry entry) {
    String path = entry.path();
    for (ConfigKey<?> key : ConfigKeys.all()) {
      boolean here = path.equals(key.path());
      boolean below = path.startsWith(key.path() + ".");
      if (key.isMap() && (below || (here && isEmpty(entry)))) {
        return Optional.empty();
      }
      if (key.isMap() && here) {
        return Optional.of(
            "found '%s', allowed is %s".formatted(entry.text(), key.type().allowed()));
      }
      if (here) {
        return Optional.empty();
      }
      if (below) {
        return Optional.of("no such key; %s takes one value".formatted(key.path()));
      }
    }
    boolean section = ConfigKeys.all().stream().anyMatch(key -> key.path().startsWith(path + "."));
    if (section) {
      return entry.text() == null
          ? Optional.empty()
          : Optional.of("found '%s', expected keys below it".formatted(entry.text()));
    }
    return Optional.of("no such key; the nearest is " + nearest(path));
  }

  private static boolean isEmpty(ConfigEntry entry) {
    return entry.text() == null || entry.text().equals("{}");
  }

  private static String nearest(String path) {
    String last = path.substring(path.lastIndexOf('.') + 1);
    Comparator<String> byDistance =
        Comparator.comparing((String key) -> !key.endsWith("." + last))
            .thenComparing(key -> distance(path, key));
    return ConfigKeys.all().stream().map(ConfigKey::path).min(byDistance).orElseThrow();
  }

  /** Levenshtein distance: insertions, deletions and replacements that turn one into the other. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
