// SPDX-License-Identifier: Apache-2.0

/**
 * The networks that clients train, as data: layers in blocks, the tensors that these have, and
 * their values in version 0. Nothing here knows how a network is computed. Start with {@link
 * anabranch.client.model.Architecture}; {@link anabranch.client.model.ModelChoice} fits one to a
 * data set, {@link anabranch.client.model.StagedBlocks} says how one is cut into stages.
 */
package anabranch.client.model;
