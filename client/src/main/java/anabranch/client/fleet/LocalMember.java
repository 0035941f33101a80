// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import anabranch.client.link.Traffic;
import anabranch.client.round.Participant;

/** A member in this JVM. */
record LocalMember(Participant participant) implements FleetMember {

  @Override
  public void leave() {
    participant.leave();
  }

  @Override
  public Traffic traffic() {
    return participant.traffic();
  }

  @Override
  public void close() {
    participant.close();
  }
}
