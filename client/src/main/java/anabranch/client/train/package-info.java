// SPDX-License-Identifier: Apache-2.0

/**
 * Local training as the participant sees it: {@link anabranch.client.train.LocalTrainer} is where a
 * user's own training code plugs in. The trainer that is shipped stands in {@code torch}.
 */
package anabranch.client.train;
