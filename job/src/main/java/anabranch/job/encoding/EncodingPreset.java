// SPDX-License-Identifier: Apache-2.0
package anabranch.job.encoding;

import anabranch.protocol.codec.EncodingSettings;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An encoding with a name, and what one must know to choose it.
 *
 * @param name before the parentheses
 * @param parameters in the parentheses
 * @param example a sensible choice of arguments
 * @param does what is sent
 * @param bits bits a parameter, as a formula; p is the share, n the elements of a segment
 * @param choose when it is the right one
 * @param source where it is described
 * @param settings the axes that it stands for
 */
public record EncodingPreset(
    String name,
    List<PresetParameter<?>> parameters,
    String example,
    String does,
    String bits,
    String choose,
    String source,
    Function<PresetArguments, EncodingSettings> settings) {

  /** The name with its parameters, such as {@code top-k(share, [f32|f16|int8])}. */
  public String signature() {
    return parameters.isEmpty()
        ? name
        : parameters.stream()
            .map(PresetParameter::signature)
            .collect(Collectors.joining(", ", name + "(", ")"));
  }
}
