// SPDX-License-Identifier: Apache-2.0

/**
 * Rounds: policy, time, chance and counts. Start with {@link anabranch.udf.round.Coordinator}.
 * Nothing here knows of Flink.
 */
package anabranch.udf.round;
