// SPDX-License-Identifier: Apache-2.0

/**
 * Experiments that compare methods by what they learn and send. Start with {@link
 * anabranch.bench.experiment.CompressionExperiment}.
 */
package anabranch.bench.experiment;
