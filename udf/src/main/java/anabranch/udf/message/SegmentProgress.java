// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message;

/**
 * How far a segment's aggregator has come.
 *
 * @param nextOrder number of the order that it obeys next
 * @param queued orders that wait
 * @param pressing those among them that are no folds, so they end a batch
 * @param heldBytes bytes of the payloads that wait for their order
 * @param weight Σω of the open round
 */
public record SegmentProgress(
    long nextOrder, int queued, int pressing, long heldBytes, long weight) {

  public static final SegmentProgress START = new SegmentProgress(0, 0, 0, 0, 0);

  public SegmentProgress hold(long bytes) {
    return new SegmentProgress(nextOrder, queued, pressing, heldBytes + bytes, weight);
  }

  public SegmentProgress enqueue(Order order) {
    return new SegmentProgress(nextOrder, queued + 1, pressing + presses(order), heldBytes, weight);
  }

  /** The next order has been obeyed; it lay in the queue. */
  public SegmentProgress advance(Order order, long releasedBytes, long newWeight) {
    return new SegmentProgress(
        nextOrder + 1, queued - 1, pressing - presses(order), heldBytes - releasedBytes, newWeight);
  }

  private static int presses(Order order) {
    return order instanceof Order.Fold ? 0 : 1;
  }
}
