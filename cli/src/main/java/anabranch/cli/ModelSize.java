// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.protocol.model.ModelManifest;

/** Tells how large a model is. */
final class ModelSize {

  private ModelSize() {}

  /** The deployed parameters, and what the stages have beside them. */
  static String of(ModelManifest manifest) {
    String deployed = "%,d parameters".formatted(manifest.deployedSize());
    return manifest.stages().isEmpty()
        ? deployed
        : "%s, %,d more for its %d stages"
            .formatted(
                deployed, manifest.size() - manifest.deployedSize(), manifest.stages().size());
  }
}
