// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.job.doctor.NodeReport;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Whether there is a folder for checkpoints that the JobManager and every TaskManager can write to,
 * and that is the same for all. Checkpoints that fail on one machine hold up every round, since a
 * round is published with a checkpoint; with a folder of its own on each machine they succeed and
 * cannot be restored.
 */
final class CheckpointFolderCheck implements Check {

  private static final String SHARE =
      "name storage that all machines share by checkpoint.dir or Flink's"
          + " execution.checkpointing.dir: an object store, HDFS or a network mount";
  private static final long MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return "checkpoint folder";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    Optional<String> folder = examination.flink().checkpointFolder();
    if (folder.isEmpty()) {
      return Finding.failed(
          name(),
          "none is configured: checkpoints stay in the JobManager's memory, 5 MB for each task at"
              + " most, and go with it",
          SHARE);
    }
    List<ProcessView> processes = examination.flink().processes();
    Problems problems = new Problems();
    ProcessView.complaints(processes, report -> Stream.ofNullable(report.folder().problem()))
        .forEach(
            (complaint, names) ->
                problems.failed(
                    "%s cannot be used (%s) by %s".formatted(folder.get(), complaint, names),
                    "let the user of Flink's processes write there, on every machine; or "
                        + SHARE));
    ProcessView.complaints(processes, CheckpointFolderCheck::notShared)
        .forEach((complaint, names) -> problems.failed(complaint + names, SHARE));
    OptionalLong free =
        processes.stream()
            .mapToLong(process -> process.report().folder().freeBytes())
            .filter(bytes -> bytes >= 0)
            .min();
    return problems.orOk(
        name(),
        "%s, written, read and deleted by all of them%s"
            .formatted(
                folder.get(),
                free.isPresent() ? "; %,d MB free".formatted(free.getAsLong() / MEBIBYTE) : ""));
  }

  private static Stream<String> notShared(NodeReport report) {
    return report.folder().shared()
        ? Stream.empty()
        : Stream.of("what the JobManager writes there is not seen by ");
  }
}
