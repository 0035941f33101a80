// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.link.Traffic;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import java.util.Map;
import java.util.Optional;

/**
 * Told what a participant does and meets, on the participant's thread: return soon, throw nothing.
 */
public interface ParticipantListener {

  /** Listens to nothing. */
  ParticipantListener NONE = new ParticipantListener() {};

  /** The check-in was acknowledged by the cluster. */
  default void checkedIn(ClientCheckIn checkIn) {}

  /** This client is in a plan's cohort and begins to work on it. */
  default void drawn(Plan plan) {}

  /**
   * All records of the update were acknowledged by the cluster. After a crash between two of them
   * an update is sent again, and told of again.
   *
   * @param samples trained on
   * @param metrics of the training
   * @param recordBytes bytes of the records' values, all parts
   */
  default void sent(Plan plan, long samples, Map<String, Double> metrics, long recordBytes) {}

  /**
   * The round of a sent update has closed.
   *
   * @param round number
   * @param outcome of the update, empty when the job had nothing acceptable from this client
   */
  default void receipt(long round, Optional<Outcome> outcome) {}

  /**
   * Nobody can know any more what became of a sent update: the announcement with the receipt is
   * gone, or its plan was given up without one.
   *
   * @param round number
   */
  default void receiptLost(long round) {}

  /** More has gone over the client's line; this is all since it started. */
  default void traffic(Traffic total) {}

  /**
   * This client sits out a round: the plan takes more memory than it gives, its trainer failed, or
   * made values that cannot be sent.
   */
  default void satOut(Plan plan, RuntimeException cause) {}

  /** Something does not work now and is tried again until it does; told once. */
  default void troubled(RuntimeException cause) {}

  /** What {@link #troubled} told of has passed. */
  default void recovered() {}

  /** The participant gives up: it is not allowed to take part, or something is broken here. */
  default void stopped(Throwable cause) {}
}
