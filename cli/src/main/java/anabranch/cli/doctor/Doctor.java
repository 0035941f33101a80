// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/** Makes all checks, one after the other. */
public final class Doctor {

  /** What lies at the bottom comes first: its failure explains those that follow. */
  private static final List<Check> CHECKS =
      List.of(
          new BrokersCheck(),
          new TopicsCheck(),
          new ReplicasCheck(),
          new RecordSizeCheck(),
          new TransactionLimitsCheck(),
          new TransactionTrialCheck(),
          new PermissionsCheck(),
          new ModelCheck(),
          new BrokerClocksCheck(),
          new FlinkVersionCheck(),
          new SlotsCheck(),
          new ProbeJobCheck(),
          new ProcessVersionsCheck(),
          new CheckpointFolderCheck(),
          new BrokersFromFlinkCheck(),
          new Nd4jPresenceCheck(),
          new FlinkClocksCheck());

  private Doctor() {}

  /**
   * Looks at everything.
   *
   * @param findings is told of each as it comes
   * @return all of them, in the order of the checks
   */
  public static List<Finding> examine(Examination examination, Consumer<Finding> findings) {
    List<Finding> all = new ArrayList<>();
    for (Check check : CHECKS) {
      Finding finding = examine(check, examination);
      findings.accept(finding);
      all.add(finding);
    }
    return all;
  }

  private static Finding examine(Check check, Examination examination) {
    try {
      return check.examine(examination);
    } catch (NotCheckedException e) {
      return Finding.notChecked(check.name(), e.getMessage());
    } catch (KafkaException e) {
      // A client that cannot even be made: its properties contradict each other.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Finding.failed(check.name(), cause.getMessage(), "correct kafka.properties");
    }
  }

  /** Names of the checks, in their order. */
  static List<String> names() {
    return CHECKS.stream().map(Check::name).toList();
  }
}
