// SPDX-License-Identifier: Apache-2.0
/**
 * When the blocks of a stage have settled: the effective movement of a fixed sample of their
 * values. Start with {@link anabranch.udf.movement.FreezeCriterion}.
 */
package anabranch.udf.movement;
