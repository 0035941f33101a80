// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.data.Dataset;
import anabranch.client.data.LocalData;
import anabranch.client.data.Partition;
import anabranch.client.round.Participant;
import anabranch.client.round.ParticipantListener;
import anabranch.client.round.ParticipantSettings;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.train.LocalTrainer;
import anabranch.protocol.Topics;
import java.util.ArrayList;
import java.util.List;

/** Real participants that share one JVM and one trainer; each has its own share of the images. */
final class SimulatedClients implements AutoCloseable {

  private final List<Participant> participants = new ArrayList<>();

  private SimulatedClients() {}

  static SimulatedClients start(
      Topics topics,
      KafkaConnection connection,
      Dataset images,
      Partition partition,
      int clients,
      long seed,
      LocalTrainer trainer,
      ParticipantListener listener) {
    SimulatedClients started = new SimulatedClients();
    List<int[]> shares = partition.divide(images, clients, seed);
    for (int i = 0; i < clients; i++) {
      ParticipantSettings settings =
          ParticipantSettings.of(topics, connection, "client-%03d".formatted(i))
              .withAgent("anabranch-quickstart");
      Participant participant =
          new Participant(
              settings, LocalData.withoutHeldOut(images.subset(shares.get(i))), trainer, listener);
      participant.start();
      started.participants.add(participant);
    }
    return started;
  }

  int size() {
    return participants.size();
  }

  @Override
  public void close() {
    participants.forEach(Participant::leave);
    participants.forEach(Participant::close);
  }
}
