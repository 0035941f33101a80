// SPDX-License-Identifier: Apache-2.0

/**
 * Training and evaluation with DJL on PyTorch, for every network of {@link
 * anabranch.client.model.Architecture}. Start with {@link
 * anabranch.client.train.torch.TorchTrainer}; {@code Network} says how flat vectors become tensors
 * and back.
 *
 * <p>Native memory is owned by an {@code NDManager} a task and one a batch, each closed in the
 * method that opens it, so nothing lives longer than it is used.
 */
package anabranch.client.train.torch;
