// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A method as it stands in tables.
 *
 * @param name of the row
 * @param configuration the keys of {@code federation.yaml} that make it, each {@code key=value}
 */
public record Preset(String name, List<String> configuration) {

  /** The uncompressed run, to which all others are compared. */
  public static final String FEDAVG = "fedavg";

  private static final Map<String, Preset> KNOWN = new TreeMap<>();

  static {
    put(FEDAVG, "encoding.preset=dense-f32");
    put("dense-f16", "encoding.preset=dense-f16");
    put("top-k(0.1)", "encoding.preset=top-k", "encoding.fraction=0.1");
    put("top-k(0.01)", "encoding.preset=top-k", "encoding.fraction=0.01");
  }

  private static void put(String name, String... configuration) {
    KNOWN.put(name, new Preset(name, List.of(configuration)));
  }

  /**
   * @throws IllegalArgumentException if no preset has this name
   */
  public static Preset named(String name) {
    Preset known = KNOWN.get(name);
    if (known == null) {
      throw new IllegalArgumentException(
          "preset '%s' is not known here, choose from %s"
              .formatted(name, String.join(" ", KNOWN.keySet())));
    }
    return known;
  }
}
