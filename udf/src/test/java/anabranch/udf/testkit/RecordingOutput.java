// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.testkit;

import anabranch.protocol.message.RejectedRecord;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Order;
import anabranch.udf.round.Coordinator;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a coordinator decides. */
public final class RecordingOutput implements Coordinator.Output {

  public final List<Order> orders = new ArrayList<>();
  public final List<Draft> drafts = new ArrayList<>();
  public final List<RejectedRecord> rejected = new ArrayList<>();

  @Override
  public void order(Order order) {
    orders.add(order);
  }

  @Override
  public void draft(Draft draft) {
    drafts.add(draft);
  }

  @Override
  public void reject(RejectedRecord record) {
    rejected.add(record);
  }

  /** The orders of one kind. */
  public <T extends Order> List<T> orders(Class<T> kind) {
    return orders.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
