// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import java.util.List;
import java.util.Map;

/** How the networks of one family are put together from settings. */
interface Family {

  /** All settings that there are, with the values that hold where none is given. */
  Map<String, String> defaults();

  /** The settings that follow from the samples that are to be taken. */
  default Map<String, String> settingsFor(List<Integer> sampleShape) {
    return Map.of();
  }

  /** Shape of one sample. */
  List<Integer> inputShape(Settings settings);

  /** Number of units that the setting {@code cuts} counts, 0 if there is no such setting. */
  default int units(Settings settings) {
    return 0;
  }

  /**
   * @throws IllegalArgumentException if a setting is not sound; the message names it
   */
  StagedBlocks blocks(Settings settings);
}
