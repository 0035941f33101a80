// SPDX-License-Identifier: Apache-2.0
package anabranch.client.model;

import java.util.List;
import java.util.Map;

/** Input of the families that take square images of any size. */
final class SquareImage {

  private SquareImage() {}

  /** The settings {@code channels} and {@code size}; none if the samples are no square images. */
  static Map<String, String> settingsFor(List<Integer> sampleShape) {
    boolean square = sampleShape.size() == 3 && sampleShape.get(1).equals(sampleShape.get(2));
    return square
        ? Map.of(
            "channels", sampleShape.get(0).toString(),
            "size", sampleShape.get(1).toString())
        : Map.of();
  }

  /** (channels, height, width). */
  static List<Integer> shape(Settings settings) {
    int size = settings.number("size");
    return List.of(settings.number("channels"), size, size);
  }
}
