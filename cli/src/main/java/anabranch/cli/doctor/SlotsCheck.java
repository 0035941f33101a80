// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.job.Main;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * Whether there are as many free slots as the job needs. With fewer it is accepted, waits for five
 * minutes and fails.
 */
final class SlotsCheck implements Check {

  @Override
  public String name() {
    return "slots";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    FlinkSide flink = examination.flink();
    int free = flink.freeSlots();
    int needed = flink.parallelism();
    String found =
        "%d of %d free on %d TaskManagers, the job needs %d"
            .formatted(
                free,
                flink.overview().path("slots-total").asInt(),
                flink.overview().path("taskmanagers").asInt(),
                needed);
    if (free >= needed) {
      return Finding.ok(name(), found);
    }
    if (runs(flink, Main.jobName(examination.config()))) {
      return Finding.ok(name(), found + "; it runs already");
    }
    return Finding.failed(
        name(),
        found,
        "start more TaskManagers, raise taskmanager.numberOfTaskSlots, end a job, or submit with a"
            + " lower --parallelism");
  }

  private static boolean runs(FlinkSide flink, String job) throws NotCheckedException {
    for (JsonNode running : flink.get("/jobs/overview").path("jobs")) {
      if (running.path("name").asText().equals(job)
          && running.path("state").asText().equals("RUNNING")) {
        return true;
      }
    }
    return false;
  }
}
