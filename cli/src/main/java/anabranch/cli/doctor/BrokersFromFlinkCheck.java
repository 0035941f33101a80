// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.job.doctor.BrokerContact;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether the JobManager, which looks for partitions, and every TaskManager, which reads and
 * writes, reach every broker at its advertised address. It is on these machines that it counts, and
 * names that are good here need not be good there.
 */
final class BrokersFromFlinkCheck implements Check {

  @Override
  public String name() {
    return "brokers from flink";
  }

  @Override
  public Finding examine(Examination examination) throws NotCheckedException {
    List<ProcessView> processes = examination.flink().processes();
    Problems problems = new Problems();
    ProcessView.complaints(processes, report -> Stream.ofNullable(report.kafkaProblem()))
        .forEach(
            (complaint, names) ->
                problems.failed(
                    "%s: from %s".formatted(complaint, names),
                    "kafka.bootstrap-servers has to be an address that Flink's machines reach;"
                        + " localhost is another machine for each of them"));
    ProcessView.complaints(
            processes, report -> report.unreachable().stream().map(BrokerContact::complaint))
        .forEach(
            (complaint, names) ->
                problems.failed("%s: from %s".formatted(complaint, names), BrokersCheck.ADVICE));
    return problems.orOk(
        name(), "all brokers answer at their advertised addresses, from all of them");
  }
}
