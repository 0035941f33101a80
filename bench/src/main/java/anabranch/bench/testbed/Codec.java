// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.testbed;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The encodings that are measured. */
public enum Codec {
  /** Every element as float32. */
  DENSE_F32("dense-f32", "encoding.preset=dense-f32"),
  /** Every element as float16. */
  DENSE_F16("dense-f16", "encoding.preset=dense-f16"),
  /** The largest tenth of the elements as float32, under whichever index code is smallest. */
  TOP_K("top-k", "encoding.preset=top-k", "encoding.fraction=0.1"),
  /**
   * The wire form of sparse ternary compression (arXiv 1903.02891): the largest hundredth of the
   * elements, indices in Rice code, two values in one bit each.
   */
  STC(
      "stc",
      "encoding.reference=delta",
      "encoding.index=rice",
      "encoding.value=affine",
      "encoding.bits=1",
      "encoding.fraction=0.01");

  private final String label;
  private final List<String> settings;

  Codec(String label, String... settings) {
    this.label = label;
    this.settings = List.of(settings);
  }

  /** Name on the command line. */
  public String label() {
    return label;
  }

  /** What it is in a configuration, each of the form {@code key=value}. */
  public List<String> settings() {
    return settings;
  }

  /**
   * @throws IllegalArgumentException if there is no codec of that name
   */
  public static Codec named(String label) {
    return Arrays.stream(values())
        .filter(codec -> codec.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "codec '%s' is not known here, choose one of %s"
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(Codec::label)
                                .collect(Collectors.joining(", ")))));
  }
}
