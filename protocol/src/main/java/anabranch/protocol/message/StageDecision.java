// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

/**
 * Whether a stage goes on after a round, on {@code <f>.control}: the job's word to itself. It
 * counts for the rounds after the next.
 *
 * @param federation name
 * @param incarnation as in the announcement
 * @param round number of the completed round
 * @param modelVersion completed rounds behind the model, after this one
 * @param stage that the round trained, from 1
 * @param movement of the stage after the round, as in its report
 */
public record StageDecision(
    String federation,
    int incarnation,
    long round,
    long modelVersion,
    int stage,
    StageMovement movement) {}
