// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.Map;

/** Entries of any name: what stands below the key becomes a map from dotted names to texts. */
record TextMap() implements ValueType<Map<String, String>> {

  @Override
  public Map<String, String> parse(String text) {
    if (!text.equals("{}")) {
      throw new IllegalArgumentException(text);
    }
    return Map.of();
  }

  @Override
  public String allowed() {
    return "entries of the form name: value";
  }
}
