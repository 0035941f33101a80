// SPDX-License-Identifier: Apache-2.0
package anabranch.job.encoding;

import java.util.ArrayList;
import java.util.List;

/**
 * A preset as somebody wrote it.
 *
 * @param text the name with its arguments, such as {@code top-k(0.1, f16)}
 * @param values one for each parameter of the preset
 */
record PresetArguments(String text, List<Object> values) {

  /**
   * @param given texts between the commas
   * @throws IllegalArgumentException if there are too few or too many, or one is not allowed
   */
  static PresetArguments of(String text, List<PresetParameter<?>> parameters, List<String> given) {
    if (given.size() > parameters.size()) {
      throw new IllegalArgumentException("too many arguments");
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      PresetParameter<?> parameter = parameters.get(i);
      if (i < given.size()) {
        values.add(parameter.parse(given.get(i)));
      } else if (parameter.fallback() != null) {
        values.add(parameter.fallback());
      } else {
        throw new IllegalArgumentException(parameter.name() + " is missing");
      }
    }
    return new PresetArguments(text, values);
  }

  double share() {
    return (Double) values.get(0);
  }

  int whole() {
    return (Integer) values.get(0);
  }

  /** The word in second place. */
  String word() {
    return (String) values.get(1);
  }
}
