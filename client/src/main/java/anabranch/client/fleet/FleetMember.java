// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import anabranch.client.link.Traffic;

/** One participant of a fleet, wherever it runs. */
sealed interface FleetMember extends AutoCloseable permits LocalMember, ProcessMember {

  /** Begins to leave the federation and returns at once. */
  void leave();

  /** What has gone over its line so far. */
  Traffic traffic();

  /** Leaves and waits until that is done. */
  @Override
  void close();
}
