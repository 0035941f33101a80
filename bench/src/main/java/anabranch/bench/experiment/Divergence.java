// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

/**
 * A run that could not go on because its training diverged; its file lies beside those of results.
 *
 * @param <S> settings of the experiment
 * @param settings of the run
 * @param reason what a client sent, or why it could not train
 */
public record Divergence<S extends Settings>(S settings, String reason) {}
