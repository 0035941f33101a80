// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.model.Segment;

/** Where on the model topic segments lie. */
final class ModelLayout {

  private ModelLayout() {}

  static int partition(Segment segment, int partitions) {
    return segment.index() % partitions;
  }
}
