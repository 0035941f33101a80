// SPDX-License-Identifier: Apache-2.0
package anabranch.client.topic;

import anabranch.protocol.model.Segment;

/** Where on the model topic things lie. */
final class ModelLayout {

  static final int MANIFEST_PARTITION = 0;

  private ModelLayout() {}

  static int partition(Segment segment, int partitions) {
    return segment.index() % partitions;
  }
}
