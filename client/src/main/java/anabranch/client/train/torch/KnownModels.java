// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.protocol.model.ModelManifest;
import java.util.Arrays;
import java.util.List;

/**
 * The networks that can be computed: those that are shipped, and a user's own.
 *
 * @param own are asked first
 */
record KnownModels(List<ModelDefinition> own) {

  static KnownModels with(DjlModel... own) {
    return new KnownModels(Arrays.stream(own).map(DjlModel::definition).toList());
  }

  /**
   * @throws IllegalArgumentException if the architecture is not known here, or the manifest's
   *     tensors are not those of the architecture
   */
  ModelDefinition definition(ModelManifest manifest) {
    ModelDefinition definition =
        own.stream()
            .filter(model -> model.architecture().equals(manifest.architecture()))
            .findFirst()
            .orElseGet(
                () -> Architecture.named(manifest.architecture()).define(manifest.settings()));
    requireSameTensors(manifest, definition);
    return definition;
  }

  private static void requireSameTensors(ModelManifest manifest, ModelDefinition definition) {
    List<String> declared =
        manifest.blocks().stream()
            .flatMap(block -> block.tensors().stream())
            .map(tensor -> tensor.name() + tensor.shape())
            .toList();
    List<String> expected =
        definition.blocks().stream()
            .flatMap(block -> block.tensors().stream())
            .map(tensor -> tensor.name() + tensor.shape())
            .toList();
    if (!declared.equals(expected)) {
      throw new IllegalArgumentException(
          "the manifest's tensors are not those of %s as this version knows it: %s, expected %s"
              .formatted(manifest.architecture(), declared, expected));
    }
  }
}
