// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import anabranch.client.data.Dataset;
import anabranch.client.data.LocalData;
import anabranch.client.round.Participant;
import anabranch.client.round.ParticipantListener;
import anabranch.client.round.ParticipantSettings;
import anabranch.client.topic.KafkaConnection;
import anabranch.protocol.Topics;
import java.nio.file.Path;
import java.util.List;

/** Some clients of a federation in a JVM of their own, until it is killed. */
final class CountingClientsMain {

  /** As many samples as a client says that it has; nobody looks at them. */
  private record Samples(int size) implements Dataset {

    @Override
    public List<Integer> shape() {
      return List.of(1);
    }

    @Override
    public int classes() {
      return 1;
    }

    @Override
    public int label(int sample) {
      return 0;
    }

    @Override
    public void copyFeatures(int sample, float[] target, int offset) {
      target[offset] = 0;
    }
  }

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
              LocalData.withoutHeldOut(new Samples((int) CountingTrainer.samples(client))),
              new CountingTrainer(client, all),
              ParticipantListener.NONE)
          .start();
    }
    Thread.currentThread().join();
  }
}
