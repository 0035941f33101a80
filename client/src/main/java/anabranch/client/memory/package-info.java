// SPDX-License-Identifier: Apache-2.0

/**
 * How much memory and arithmetic it takes to train a stage of a model: as accounted from its layers
 * alone ({@link anabranch.client.memory.Account}, pure arithmetic), and as measured in a process of
 * its own ({@link anabranch.client.memory.StageProbe}). {@link anabranch.client.memory.CutPlanner}
 * finds the cuts for which every stage fits into a given memory.
 */
package anabranch.client.memory;
