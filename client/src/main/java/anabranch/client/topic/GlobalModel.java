// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.message.Announcement;
import anabranch.protocol.model.ModelManifest;
import java.util.Map;

/**
 * A whole version of the global model, verified by its digests.
 *
 * @param announcement that made it usable
 * @param manifest of the model
 * @param weights flat vectors of all blocks, by block index; they must not be changed
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
