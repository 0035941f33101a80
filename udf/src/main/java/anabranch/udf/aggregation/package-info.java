// SPDX-License-Identifier: Apache-2.0

/**
 * The mathematics of a round on plain arrays. Start with {@link
 * anabranch.udf.aggregation.FixedPointGrid}, then {@link anabranch.udf.aggregation.SegmentSum} and
 * {@link anabranch.udf.aggregation.ServerStep}. Nothing here knows of Flink.
 */
package anabranch.udf.aggregation;
