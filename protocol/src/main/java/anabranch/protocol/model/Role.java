// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.model;

/** What a tensor is to the federation. */
public enum Role {
  /** Trained by clients and averaged as a difference to the version that the plan names. */
  PARAMETER,
  /** Averaged as it is, not as a difference: running statistics of a normalisation. */
  BUFFER,
  /** Like {@link #PARAMETER}, but no part of the deployed model: a stage's projection head. */
  AUXILIARY,
  /** Kept by each client and never sent: a counter, a client's own head. */
  LOCAL;

  /** Whether tensors of this role lie in segments and travel. */
  public boolean travels() {
    return this != LOCAL;
  }
}
