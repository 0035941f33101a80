// SPDX-License-Identifier: Apache-2.0

/**
 * Training and evaluation with DJL on PyTorch, for every network of {@link
 * anabranch.client.model.Architecture}. Start with {@link
 * anabranch.client.train.torch.TorchTrainer}; {@link anabranch.client.train.torch.DjlModel} brings
 * a network of one's own. {@code Network} says how flat vectors become tensors and back, {@code
 * ForwardPass} how layers are computed, {@code DependenceTerms} what block-wise training adds to
 * the loss, {@code MutualDistillation} what several exits learn from each other.
 *
 * <p>Native memory is owned by an {@code NDManager} a task and one a batch, each closed in the
 * method that opens it, and what a layer took is closed once the next has computed.
 */
package anabranch.client.train.torch;
