// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.Contribution;
import anabranch.udf.similarity.SimilarityReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the folded updates of a round add up to in its report. Everything is reduced in the order of
 * client ids, so that it does not depend on the order of arrival.
 *
 * @param each one for each client, by id
 * @param metrics averages by weight, and the mean similarity where it was asked for
 * @param payloadBytes index and value bytes
 * @param denseBytes what these would have taken as dense float32
 * @param nhsic what the clients measured
 * @param note what was left out, or empty
 */
record Contributions(
    List<Contribution> each,
    Map<String, Double> metrics,
    long payloadBytes,
    long denseBytes,
    Nhsic nhsic,
    String note) {

  /** Name of the metric with a client's, and the round's, mean cosine to the other updates. */
  static final String SIMILARITY = "similarity";

  /** Metrics beyond this are left out of the report, which must fit into one Kafka record. */
  private static final int MAX_METRIC_BYTES = 400_000;

  static final Contributions NONE = new Contributions(List.of(), Map.of(), 0, 0, Nhsic.NONE, "");

  /**
   * @param folded by client id, at least one
   * @param batchSize that the plan asks for, in samples
   * @param similarity whether to compare the updates with each other
   */
  static Contributions of(SortedMap<String, Submission> folded, int batchSize, boolean similarity) {
    List<Contribution> each = new ArrayList<>();
    long payloadBytes = 0;
    long denseBytes = 0;
    for (Map.Entry<String, Submission> entry : folded.entrySet()) {
      Submission submission = entry.getValue();
      payloadBytes += submission.payloadBytes();
      denseBytes += submission.denseBytes();
      each.add(
          new Contribution(
              entry.getKey(),
              submission.weight(),
              submission.payloadBytes(),
              submission.metrics()));
    }
    Map<String, Double> metrics = averages(each);
    Nhsic nhsic = Nhsic.of(each, batchSize);
    nhsic.replaceIn(metrics);
    if (similarity) {
      SimilarityReport report =
          SimilarityReport.of(folded.values().stream().map(Submission::sketch).toList());
      metrics.put(SIMILARITY, report.mean());
      for (int i = 0; i < each.size(); i++) {
        each.set(i, withMetric(each.get(i), SIMILARITY, report.ofClient()[i]));
      }
    }
    long metricBytes = each.stream().mapToLong(c -> bytesOf(c.metrics())).sum();
    if (metricBytes <= MAX_METRIC_BYTES) {
      return new Contributions(each, metrics, payloadBytes, denseBytes, nhsic, "");
    }
    each.replaceAll(c -> new Contribution(c.clientId(), c.weight(), c.bytes(), Map.of()));
    // Clients that each send names of their own make as many averages as there were metrics.
    boolean namesRepeat = bytesOf(metrics) <= MAX_METRIC_BYTES;
    return new Contributions(
        each,
        namesRepeat ? metrics : Map.of(),
        payloadBytes,
        denseBytes,
        nhsic,
        "metrics of %s left out: %d bytes"
            .formatted(namesRepeat ? "single clients" : "all clients", metricBytes));
  }

  private static Contribution withMetric(Contribution contribution, String name, double value) {
    Map<String, Double> metrics = new TreeMap<>(contribution.metrics());
    metrics.put(name, value);
    return new Contribution(
        contribution.clientId(), contribution.weight(), contribution.bytes(), metrics);
  }

  /** An upper bound of what the metrics take in a record: names have up to four bytes a letter. */
  private static long bytesOf(Map<String, Double> metrics) {
    return metrics.keySet().stream().mapToLong(name -> 4L * name.length() + Double.BYTES + 2).sum();
  }

  private static Map<String, Double> averages(List<Contribution> contributions) {
    TreeMap<String, double[]> sums = new TreeMap<>();
    for (Contribution contribution : contributions) {
      contribution
          .metrics()
          .forEach(
              (name, value) -> {
                double[] sum = sums.computeIfAbsent(name, n -> new double[2]);
                sum[0] += contribution.weight() * value;
                sum[1] += contribution.weight();
              });
    }
    TreeMap<String, Double> averages = new TreeMap<>();
    sums.forEach((name, sum) -> averages.put(name, sum[0] / sum[1]));
    return averages;
  }
}
