// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import java.util.ArrayList;
import java.util.List;

/**
 * A method as it stands in tables: the name of an encoding preset, with words behind it where it
 * differs from what the preset does by itself. This is the only place where names of methods become
 * configuration.
 *
 * @param name such as {@code stc(1/100) both ways} or {@code top-k(0.01) without error feedback}
 */
public record Preset(String name) {

  /** The uncompressed run, to which all others are compared. */
  public static final Preset FEDAVG = new Preset("fedavg");

  private static final String UNCOMPRESSED = "dense-f32";
  private static final String BOTH_WAYS = " both ways";
  private static final String NO_FEEDBACK = " without error feedback";

  /** Keys of {@code federation.yaml}, each {@code key=value}. */
  public List<String> configuration() {
    String preset = name.replace(BOTH_WAYS, "").replace(NO_FEEDBACK, "");
    List<String> keys = new ArrayList<>();
    keys.add("encoding.preset=" + (preset.equals(FEDAVG.name) ? UNCOMPRESSED : preset));
    if (name.contains(NO_FEEDBACK)) {
      keys.add("encoding.error-feedback=false");
    }
    if (name.contains(BOTH_WAYS)) {
      keys.add("downlink.preset=" + preset);
    }
    return List.copyOf(keys);
  }

  @Override
  public String toString() {
    return name;
  }
}
