// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import anabranch.client.model.Layer;
import anabranch.client.model.TensorDefinition;
import java.util.List;
import java.util.Map;

/**
 * A child of a user's own DJL block. The block serves as a function only: its parameters' values
 * are those of the network that it is computed for.
 *
 * @param block initialised, for the shapes of its parameters
 * @param tensors one a parameter
 * @param names of the tensors, by id of the parameter
 */
record DjlLayer(Block block, List<TensorDefinition> tensors, Map<String, String> names)
    implements Layer {

  DjlLayer {
    tensors = List.copyOf(tensors);
    names = Map.copyOf(names);
  }

  /**
   * @param values of the network's tensors, by name
   */
  NDArray forward(NDArray x, Map<String, NDArray> values, boolean trained) {
    ParameterStore parameters =
        new ParameterStore(x.getManager(), false) {
          @Override
          public NDArray getValue(Parameter parameter, Device device, boolean training) {
            return values.get(names.get(parameter.getId()));
          }
        };
    return block.forward(parameters, new NDList(x), trained).singletonOrThrow();
  }
}
