// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.message.Announcement;
import anabranch.protocol.model.ModelManifest;
import java.util.Collection;
import java.util.Map;

/** Where a client gets announced versions of the model from. */
public interface ModelSource {

  /**
   * The manifest that an announcement names.
   *
   * @throws ModelIncompleteException if it cannot be found
   */
  ModelManifest manifest(Announcement announcement);

  /**
   * Blocks in the versions that an announcement names.
   *
   * @param wanted indices of blocks
   * @return flat vectors by block index; they must not be changed
   * @throws ModelIncompleteException if a block is not whole; what was here stays
   */
  Map<Integer, float[]> bringUpToDate(Announcement announcement, Collection<Integer> wanted);
}
