// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

/**
 * A version of a block that lies whole on the model topic.
 *
 * @param version of the block
 * @param publishedAt timestamp of its segments' records, in milliseconds since 1970
 */
public record BlockSnapshot(long version, long publishedAt) {

  /**
   * How many versions come after this one, up to another and with it, as long as this is the newest
   * whole one: numbers that lie in its slot of the ring are left out.
   *
   * @param later number of a version, at least that of this one
   * @param ring of the manifest
   */
  public long stepsTo(long later, int ring) {
    return later - version - (later - version) / ring;
  }
}
