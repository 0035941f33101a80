// SPDX-License-Identifier: Apache-2.0
package anabranch.job.doctor;

import anabranch.job.SubmissionException;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Another entry point of the jar, for {@code ./anabranch doctor}: a job of one operator that looks
 * around in every slot that it is given, and ends. Submitted by REST its {@code main} runs on the
 * JobManager, which is looked at too.
 *
 * <p>The reports, one {@link NodeReport} a slot and one of the JobManager, come back as the
 * accumulator {@link #REPORTS}, whose text is a JSON array.
 */
@Command(name = "anabranch-probe", description = "Looks around on every machine of the cluster.")
public final class ProbeJob {

  /** Name of the accumulator. */
  public static final String REPORTS = "reports";

  /** Name of the operator that looks around. */
  public static final String OPERATOR = "probe";

  @Option(names = "--id", required = true, description = "distinguishes this look around")
  private String id;

  @Option(
      names = "--checkpoint-dir",
      description = "the checkpoint folder; by default that of the cluster's configuration")
  private String checkpoints;

  @Option(names = "--kafka", description = "a property of Kafka clients; may be repeated")
  private Map<String, String> kafka = Map.of();

  private ProbeJob() {}

  /** Submits the job. */
  public static void main(String[] args) throws Exception {
    ProbeJob job = new ProbeJob();
    try {
      new CommandLine(job).parseArgs(args);
    } catch (ParameterException e) {
      throw new SubmissionException(e.getMessage());
    }
    job.submit();
  }

  private void submit() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    Configuration once = new Configuration();
    once.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    env.configure(once);
    env.getCheckpointConfig().disableCheckpointing();

    String folder =
        checkpoints != null
            ? checkpoints
            : env.getConfiguration().get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
    NodeProbe probe = new NodeProbe(id, folder, kafka);
    NodeReport own = probe.run(NodeReport.JOB_MANAGER, /* awaitMarker= */ false);
    boolean marked = own.folder() != null && own.folder().problem() == null;
    env.fromSource(new MarkerSource(probe, marked), WatermarkStrategy.noWatermarks(), "marker")
        .uid("marker")
        .map(new ProbeFunction(probe, own.toJson(), marked))
        .uid("probe")
        .name(OPERATOR)
        .sinkTo(new DiscardingSink<>())
        .uid("end");
    env.execute("anabranch doctor");
  }
}
