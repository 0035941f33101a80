// SPDX-License-Identifier: Apache-2.0

/**
 * What compressed updates cost in accuracy and save in bytes. Start with {@link
 * anabranch.bench.experiment.compression.CompressionExperiment}.
 */
package anabranch.bench.experiment.compression;
