// SPDX-License-Identifier: Apache-2.0

/**
 * Local training as the participant sees it: {@link anabranch.client.train.LocalTrainer} is where a
 * user's own training code plugs in. {@link anabranch.client.train.Evaluator} measures a model,
 * {@link anabranch.client.train.LocalOnlyBaseline} tells what clients reach without a federation.
 * The trainer and evaluator that are shipped stand in {@code torch}.
 */
package anabranch.client.train;
