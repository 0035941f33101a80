// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import anabranch.client.link.Traffic;
import anabranch.client.round.Participant;
import anabranch.client.round.ParticipantListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Participants that were started together, {@code client-000} and so on. They take part until the
 * fleet is closed.
 */
public final class Fleet implements AutoCloseable {

  private final List<FleetMember> members = new ArrayList<>();

  private Fleet() {}

  /**
   * Starts participants in this JVM.
   *
   * @param clients the members, in the order of their numbers
   * @param listeners gives the listener of a client id; each is called on its member's thread
   * @throws anabranch.client.state.StateException if a state directory cannot be used
   */
  public static Fleet start(
      FleetSettings settings,
      List<FleetClient> clients,
      Function<String, ParticipantListener> listeners) {
    Fleet fleet = new Fleet();
    try {
      for (int number = 0; number < clients.size(); number++) {
        FleetClient client = clients.get(number);
        Participant participant =
            new Participant(
                settings.participant(number).withMemory(client.memoryBytes()),
                client.data(),
                client.trainer(),
                listeners.apply(FleetSettings.clientId(number)));
        participant.start();
        fleet.members.add(new LocalMember(participant));
      }
      return fleet;
    } catch (RuntimeException e) {
      fleet.close();
      throw e;
    }
  }

  /**
   * Starts participants that have a JVM each, with this JVM's class path, and train with PyTorch.
   * They end when this JVM ends, however that happens.
   *
   * @param data of which each takes its share
   * @param memoryBytes that each declares, 0 where it does not say: it sits out plans that take
   *     more
   * @param heapMegabytes the largest heap of each, in MiB; PyTorch takes memory beside it
   * @param listeners gives the listener of a client id; each is called on a thread of its own. A
   *     process that ends by itself is told of as {@linkplain ParticipantListener#stopped stopped}
   */
  public static Fleet startProcesses(
      FleetSettings settings,
      FleetData data,
      List<Long> memoryBytes,
      int heapMegabytes,
      Function<String, ParticipantListener> listeners) {
    Fleet fleet = new Fleet();
    try {
      for (int number = 0; number < data.clients(); number++) {
        fleet.members.add(
            ProcessMember.start(
                new MemberOrders(settings, data, number, memoryBytes.get(number)),
                heapMegabytes,
                listeners.apply(FleetSettings.clientId(number))));
      }
      return fleet;
    } catch (RuntimeException e) {
      fleet.close();
      throw e;
    }
  }

  /** Number of members, whether they still run or not. */
  public int size() {
    return members.size();
  }

  /** What has gone over the lines of all members so far. */
  public Traffic traffic() {
    return members.stream().map(FleetMember::traffic).reduce(Traffic.NONE, Traffic::plus);
  }

  /** All leave the federation; returns when the last has. */
  @Override
  public void close() {
    members.forEach(FleetMember::leave);
    members.forEach(FleetMember::close);
  }
}
