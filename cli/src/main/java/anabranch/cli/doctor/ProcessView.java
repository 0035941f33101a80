// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.job.doctor.NodeReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One process of the Flink cluster, as the probe job saw it.
 *
 * @param taskManager its id in Flink; empty for the JobManager
 * @param name for people
 * @param report of what it found around itself
 * @param clock against this machine's
 */
record ProcessView(String taskManager, String name, NodeReport report, ClockOffset clock) {

  /**
   * What is wrong, each once, with the names of the processes that say so: on a cluster of many
   * machines most faults are the same on all.
   */
  static Map<String, String> complaints(
      List<ProcessView> processes, Function<NodeReport, Stream<String>> complaints) {
    Map<String, String> names = new LinkedHashMap<>();
    for (ProcessView process : processes) {
      complaints
          .apply(process.report())
          .forEach(
              complaint ->
                  names.merge(complaint, process.name(), (before, name) -> before + ", " + name));
    }
    return names;
  }
}
