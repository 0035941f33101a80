// SPDX-License-Identifier: Apache-2.0
package anabranch.job.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * What one process of Flink found around itself.
 *
 * @param subtask of the probe job that looked; {@link #JOB_MANAGER} for the JobManager
 * @param host name of the machine
 * @param java version that runs the process
 * @param flink version that runs the process
 * @param began when the look around began, in milliseconds of the machine's clock
 * @param ended when it ended
 * @param folder how the checkpoint folder is, null without one
 * @param nd4jProblem why ND4J cannot be used, null when it is there
 * @param kafkaProblem why no bootstrap server answers, null when one does
 * @param unreachable brokers that do not answer at the address that they advertise
 */
public record NodeReport(
    int subtask,
    String host,
    String java,
    String flink,
    long began,
    long ended,
    FolderReport folder,
    String nd4jProblem,
    String kafkaProblem,
    List<BrokerContact> unreachable) {

  /** In place of the number of a subtask. */
  public static final int JOB_MANAGER = -1;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The checkpoint folder as one process sees it.
   *
   * @param problem why a file could not be written, read and deleted; null when it could
   * @param freeBytes of its disk, -1 when the file system does not tell
   * @param shared whether what the JobManager wrote there is to be seen; always true on it
   */
  public record FolderReport(String problem, long freeBytes, boolean shared) {}

  /** Whether this is the JobManager's. */
  public boolean ofJobManager() {
    return subtask == JOB_MANAGER;
  }

  /** One line of JSON. */
  String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report cannot be written", e);
    }
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static NodeReport of(JsonNode json) {
    return JSON.convertValue(json, NodeReport.class);
  }
}
