// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

/**
 * A run that could not go on because its training diverged; its file lies beside those of results.
 *
 * @param settings of the run
 * @param reason what a client sent, or why it could not train
 */
record Divergence(RunSettings settings, String reason) {}
