// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.aggregation;

import anabranch.protocol.model.Role;
import java.io.Serializable;

/**
 * How large the values of an update may be: |x| ≤ 2^E. The bound makes the sum exact and caps what
 * one client can do.
 *
 * @param parameters E for parameters and auxiliary tensors
 * @param buffers E for buffers
 */
public record MagnitudeBounds(int parameters, int buffers) implements Serializable {

  public int maxExponent(Role role) {
    return role == Role.BUFFER ? buffers : parameters;
  }
}
