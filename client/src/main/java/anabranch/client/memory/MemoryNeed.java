// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

/**
 * How much memory training takes for an {@link Account}, over what the process with an idle engine
 * has resident: what the account lists, and what the libraries add to it. Java's heap, which has a
 * limit of its own, is not part of it.
 *
 * @param batch samples in a batch
 * @param momentum whether the optimizer has momentum
 * @param proximal whether the loss has the proximal term
 * @param restricted whether training is restricted to what can be sent
 */
public record MemoryNeed(int batch, boolean momentum, boolean proximal, boolean restricted) {

  /**
   * PyTorch's convolutions work on copies of their input and output in another layout. Measured
   * peaks are 35 to 87 MiB above accounted ones where two of the largest outputs are 64 MiB, see
   * docs/benchmarks/memory.md.
   */
  private static final int WORKING_COPIES = 2;

  /** Code and buffers that are there once, whatever is trained. */
  private static final long FIXED = 32L << 20;

  /** Of training that is not restricted to what can be sent. */
  public MemoryNeed(int batch, boolean momentum, boolean proximal) {
    this(batch, momentum, proximal, false);
  }

  public MemoryNeed {
    if (batch < 1) {
      throw new IllegalArgumentException("a batch has at least 1 sample, not " + batch);
    }
  }

  /** Bytes as accounted. */
  public long accounted(Account account) {
    return account.passBytes(batch)
        + account.weightBytes()
        + account.gradientBytes()
        + account.optimizerBytes(momentum, proximal);
  }

  /** Bytes that training is to be expected to take, somewhat more than measured. */
  public long expected(Account account) {
    // A mask, or bases and products of gradients: no more than what is trained twice.
    long restriction = restricted ? 2 * account.gradientBytes() : 0;
    return accounted(account)
        + FIXED
        + WORKING_COPIES * account.largestOutputBytes(batch)
        + restriction;
  }
}
