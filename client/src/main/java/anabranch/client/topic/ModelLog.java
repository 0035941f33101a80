// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import java.util.Collection;
import java.util.Map;

/** What a federation has published of its model: manifest, whole versions and changes. */
public interface ModelLog extends AutoCloseable {

  /**
   * @param expected digest that the announcement gives
   * @throws ModelIncompleteException if no such manifest is there
   */
  ModelManifest readManifest(Digest expected);

  /**
   * Reads versions that lie whole.
   *
   * @param versions of different blocks; one without a digest is taken as it is
   * @return flat vectors by block index
   * @throws ModelIncompleteException if a segment is missing or a block's digest differs
   */
  Map<Integer, float[]> readWhole(ModelManifest manifest, Collection<BlockVersion> versions);

  /**
   * Lets each replay take what is for it, until all have enough or nothing more is there.
   *
   * @param replays of different blocks, at least one
   */
  void readChanges(ModelManifest manifest, Collection<BlockReplay> replays);

  @Override
  void close();
}
