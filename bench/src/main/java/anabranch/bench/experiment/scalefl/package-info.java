// SPDX-License-Identifier: Apache-2.0

/**
 * What training block by block is worth where few clients have the memory for the whole model,
 * beside what others do there. Start with {@link
 * anabranch.bench.experiment.scalefl.ScaleflExperiment}.
 */
package anabranch.bench.experiment.scalefl;
