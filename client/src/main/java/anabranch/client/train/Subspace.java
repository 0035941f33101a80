// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

import anabranch.protocol.codec.RowSpace;
import java.util.List;
import java.util.Optional;

/**
 * The directions in which a round lets trained weights move: those that its encoding can express
 * (structured updates, Konečný et al., arXiv 1610.05492, section 2). A trainer that projects every
 * gradient before the optimizer's step stays in them, since momentum and a proximal term add only
 * what lies there already.
 *
 * <p>It is either a subset of the elements, which is a {@link #mask}, or made of the {@link
 * #rowSpaces} of matrices.
 */
public interface Subspace {

  /**
   * The elements that may move, if the subspace is a subset of them.
   *
   * @param block index in the manifest
   * @return flat vector, 1 for those that may move and 0 for the others; empty for row spaces
   */
  Optional<float[]> mask(int block);

  /**
   * The matrices whose rows are held in a space, in rising order. All elements outside of them may
   * move.
   *
   * @param block index in the manifest
   * @return with places in the block's flat vector; none if the subspace is a subset of elements
   */
  List<RowSpace> rowSpaces(int block);
}
