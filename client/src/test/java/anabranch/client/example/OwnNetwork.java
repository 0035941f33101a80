// SPDX-License-Identifier: Apache-2.0
package anabranch.client.example;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import anabranch.client.train.torch.DjlModel;
import java.util.List;

/** A network of one's own, written with DJL, as {@code docs/scalefl.md} shows it. */
final class OwnNetwork {

  private OwnNetwork() {}

  static DjlModel model() {
    SequentialBlock network =
        new SequentialBlock()
            .add(convolution(8))
            .add(BatchNorm.builder().build())
            .add(Activation.reluBlock())
            .add(Pool.maxPool2dBlock(new Shape(2, 2)))
            // The second part.
            .add(convolution(16))
            .add(BatchNorm.builder().build())
            .add(Activation.reluBlock())
            .add(Pool.maxPool2dBlock(new Shape(2, 2)))
            // The output module.
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(10).build());
    return DjlModel.builder("own-network", network)
        .samples(List.of(1, 28, 28), 10)
        .cuts(4)
        .output(8)
        .build();
  }

  private static Conv2d convolution(int filters) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .optPadding(new Shape(1, 1))
        .setFilters(filters)
        .build();
  }
}
