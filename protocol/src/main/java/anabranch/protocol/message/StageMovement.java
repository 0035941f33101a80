// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

/**
 * How the blocks of a stage moved in its newest rounds, and whether they have settled.
 *
 * @param effectiveMovement length of the way from the first to the last of these versions as a
 *     share of the way that was gone, 0 to 1: 1 is a steady drift, 0 is going to and fro; null
 *     until there are enough versions
 * @param change of the line through the newest effective movements, from the first to the last;
 *     null until there are enough
 * @param settled whether the next stage is to have its turn
 */
public record StageMovement(Double effectiveMovement, Double change, boolean settled) {}
