// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.cli.doctor.FlinkSide.ProbeFailedException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the cluster runs a job of our jar at all. What this job sees from the JobManager and the
 * TaskManagers decides the checks that follow: only there do folders, names and clocks count.
 */
final class ProbeJobCheck implements Check {

  @Override
  public String name() {
    return "probe job";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    FlinkSide flink = examination.flink();
    List<ProcessView> processes;
    try {
      processes = flink.processes();
    } catch (ProbeFailedException e) {
      return Finding.failed(
          name(),
          e.getMessage(),
          "see the JobManager's log; where web.submit.enable is false, as in application mode, run"
              + " the doctor against a session cluster on the same machines");
    }
    Set<String> seen = processes.stream().map(ProcessView::taskManager).collect(Collectors.toSet());
    Problems problems = new Problems();
    for (JsonNode taskManager : flink.taskManagers()) {
      String id = taskManager.path("id").asText();
      if (!seen.contains(id)) {
        problems.warning(
            "TaskManager %s has no free slot: nothing below was checked on it".formatted(id),
            "ask again when it has one");
      }
    }
    return problems.orOk(
        name(), "ran on the JobManager and all %d TaskManagers".formatted(processes.size() - 1));
  }
}
