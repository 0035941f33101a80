// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

/** How the updates of a round combine. */
public enum AggregationRule {
  /**
   * Σωx / Σω over all contributions; a coordinate that an update does not list counts as 0. FedAvg:
   * McMahan et al., arXiv 1602.05629, algorithm 1.
   */
  WEIGHTED_MEAN,
  /**
   * Σωx / Σω over the contributions that list the coordinate; one that nobody lists keeps its
   * value.
   */
  COORDINATE_COUNT_MEAN
}
