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
    List<String> keys = new ArrayList<>();
    String rest = name.equals(FEDAVG.name) ? UNCOMPRESSED : name;
    if (rest.endsWith(BOTH_WAYS)) {
      rest = rest.substring(0, rest.length() - BOTH_WAYS.length());
      keys.add("downlink.preset=" + rest);
    }
    if (rest.endsWith(NO_FEEDBACK)) {
      rest = rest.substring(0, rest.length() - NO_FEEDBACK.length());
      keys.add("encoding.error-feedback=false");
    }
    keys.add(0, "encoding.preset=" + rest);
    return List.copyOf(keys);
  }

  @Override
  public String toString() {
    return name;
  }
}
