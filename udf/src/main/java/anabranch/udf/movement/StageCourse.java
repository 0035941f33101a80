// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.movement;

import java.util.List;

/**
 * How a stage has gone so far.
 *
 * @param stage from 1
 * @param rounds of it that were completed
 * @param effective its newest effective movements, oldest first
 */
public record StageCourse(int stage, long rounds, List<Double> effective) {

  public StageCourse {
    effective = List.copyOf(effective);
  }

  /** Before the first round of a stage. */
  public static StageCourse begin(int stage) {
    return new StageCourse(stage, 0, List.of());
  }
}
