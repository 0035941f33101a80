// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import anabranch.client.data.LocalData;
import anabranch.client.round.Participant;
import anabranch.client.round.ParticipantListener;
import anabranch.client.round.ParticipantSettings;
import anabranch.client.topic.KafkaConnection;
import anabranch.protocol.Topics;
import java.nio.file.Path;

/** Some clients of a federation in a JVM of their own, until it is killed. */
final class CountingClientsMain {

  private CountingClientsMain() {}

  /**
   * @param args bootstrap servers, federation, number of the first client, number behind the last,
   *     clients of the whole federation, folder of what clients remember
   */
  public static void main(String[] args) throws InterruptedException {
    int all = Integer.parseInt(args[4]);
    for (int client = Integer.parseInt(args[2]); client < Integer.parseInt(args[3]); client++) {
      ParticipantSettings settings =
          ParticipantSettings.of(
                  new Topics(args[1]), new KafkaConnection(args[0]), "counting-" + client)
              .withState(Path.of(args[5], "counting-" + client));
      new Participant(
              settings,
              LocalData.withoutHeldOut(new SampleCount((int) CountingTrainer.samples(client))),
              new CountingTrainer(client, all),
              ParticipantListener.NONE)
          .start();
    }
    Thread.currentThread().join();
  }
}
