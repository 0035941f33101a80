// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.message.Announcement;
import anabranch.protocol.model.ModelManifest;
import java.util.Map;

/**
 * A version of the global model, verified by the digests of its blocks.
 *
 * @param announcement that made it usable
 * @param manifest of the model
 * @param weights flat vectors of the blocks that were read, by block index: all, or those of the
 *     deployed model; they must not be changed
 */
public record GlobalModel(
    Announcement announcement, ModelManifest manifest, Map<Integer, float[]> weights) {

  public GlobalModel {
    weights = Map.copyOf(weights);
  }

  /** Number of completed rounds behind this model. */
  public long version() {
    return announcement.modelVersion();
  }
}
