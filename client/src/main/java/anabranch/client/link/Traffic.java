// SPDX-License-Identifier: Apache-2.0
package anabranch.client.link;

/**
 * What went over one client's line since it started.
 *
 * @param uplinkBytes of check-ins and updates, each record as {@link StoredRecord} counts it; sent
 *     again counts again
 * @param downlinkBytes of all records that the client consumed from plans and model, counted in the
 *     same way, wanted or not. What Kafka's consumer fetched ahead and threw away, and the requests
 *     themselves, are not in it
 */
public record Traffic(long uplinkBytes, long downlinkBytes) {

  public static final Traffic NONE = new Traffic(0, 0);

  public Traffic plus(Traffic other) {
    return new Traffic(uplinkBytes + other.uplinkBytes, downlinkBytes + other.downlinkBytes);
  }
}
