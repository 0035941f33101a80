// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import anabranch.client.data.LocalData;
import anabranch.client.round.Participant;
import anabranch.client.round.ParticipantListener;
import anabranch.client.round.ParticipantSettings;
import anabranch.client.topic.KafkaConnection;
import anabranch.protocol.Topics;
import java.nio.file.Path;

/** A client in a JVM of its own, until it is killed. */
final class AttractedClientMain {

  private AttractedClientMain() {}

  /**
   * @param args bootstrap servers, federation, number of the client, folder of what it remembers,
   *     file as long as which exists it does not end its training
   */
  public static void main(String[] args) throws InterruptedException {
    int client = Integer.parseInt(args[2]);
    ParticipantSettings settings =
        ParticipantSettings.of(
                new Topics(args[1]), new KafkaConnection(args[0]), "attracted-" + client)
            .withState(Path.of(args[3]));
    new Participant(
            settings,
            LocalData.withoutHeldOut(new SampleCount(client + 1)),
            new AttractedTrainer(client, Path.of(args[4])),
            ParticipantListener.NONE)
        .start();
    Thread.currentThread().join();
  }
}
