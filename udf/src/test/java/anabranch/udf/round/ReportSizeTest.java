// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static anabranch.udf.testkit.PolicyBuilder.policy;
import static anabranch.udf.testkit.UpdateBuilder.answer;
import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.avro.Records;
import anabranch.protocol.message.RoundReport;
import anabranch.udf.testkit.ControlPlane;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What clients send must not make a report that no Kafka record holds. */
class ReportSizeTest {

  private static final int COHORT = 300;

  /** The most that a record may bring: 64 metrics with names of 64 letters. */
  @Test
  void metricsOfSingleClientsAreLeftOutWhenTheyAreTooMany() {
    RoundReport report = reportOf("");

    assertThat(Records.encode(report)).hasSizeLessThan(Records.MAX_BYTES);
    assertThat(report.note()).startsWith("metrics of single clients left out");
    assertThat(report.metrics()).hasSize(64).containsValue(0.5);
    assertThat(report.contributions()).hasSize(COHORT).allMatch(c -> c.metrics().isEmpty());
  }

  @Test
  void averagesAreLeftOutTooWhenEveryClientInventsNames() {
    RoundReport report = reportOf("%s");

    assertThat(Records.encode(report)).hasSizeLessThan(Records.MAX_BYTES);
    assertThat(report.note()).startsWith("metrics of all clients left out");
    assertThat(report.metrics()).isEmpty();
  }

  private static RoundReport reportOf(String prefix) {
    String[] clients = IntStream.range(0, COHORT).mapToObj(i -> "c" + i).toArray(String[]::new);
    ControlPlane plane = ControlPlane.running(policy().cohort(COHORT).build(), clients);
    var plan = plane.plan();
    for (String client : clients) {
      plane.send(answer(client, plan).metrics(metrics(prefix.formatted(client))));
    }
    return plane.lastReport();
  }

  private static Map<String, Double> metrics(String prefix) {
    Map<String, Double> metrics = new HashMap<>();
    for (int i = 0; i < 64; i++) {
      String name = prefix + "-" + i + "-";
      metrics.put(name + "x".repeat(64 - name.length()), 0.5);
    }
    return metrics;
  }
}
