// SPDX-License-Identifier: Apache-2.0
package anabranch.job.doctor;

import org.apache.flink.api.common.accumulators.ListAccumulator;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Looks around as it opens. What it is given does not matter. */
final class ProbeFunction extends RichMapFunction<Long, Long> {

  private static final long serialVersionUID = 1L;

  private final NodeProbe probe;
  private final String jobManager;
  private final boolean marked;

  /**
   * @param jobManager its report as JSON, which travels with those of the TaskManagers
   * @param marked whether the JobManager's marker should be seen
   */
  ProbeFunction(NodeProbe probe, String jobManager, boolean marked) {
    this.probe = probe;
    this.jobManager = jobManager;
    this.marked = marked;
  }

  @Override
  public void open(OpenContext context) {
    ListAccumulator<String> reports = new ListAccumulator<>();
    getRuntimeContext().addAccumulator(ProbeJob.REPORTS, reports);
    int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    if (subtask == 0) {
      reports.add(jobManager);
    }
    reports.add(probe.run(subtask, marked).toJson());
  }

  @Override
  public Long map(Long value) {
    return value;
  }
}
