// SPDX-License-Identifier: Apache-2.0
package anabranch.client.example;

import anabranch.client.data.LocalData;
import anabranch.client.round.Participant;
import anabranch.client.round.ParticipantListener;
import anabranch.client.round.ParticipantSettings;
import anabranch.client.topic.KafkaConnection;
import anabranch.client.topic.ModelInitializer;
import anabranch.protocol.Topics;
import java.util.List;

/** Takes part with data and a trainer of one's own, as {@code docs/data.md} shows it. */
final class OwnClient {

  private final Topics topics = new Topics("clinics");
  private final KafkaConnection connection = new KafkaConnection("localhost:9092");

  /** Once for the federation. */
  void publishVersionZero() {
    new ModelInitializer(connection, topics)
        .publish(LogisticRegression.manifest(24), List.of(new float[25]));
  }

  /** At every site; whoever gets the participant closes it. */
  Participant takePart(String site, float[][] rows, int[] labels) {
    Participant participant =
        new Participant(
            ParticipantSettings.of(topics, connection, site),
            LocalData.split(new Measurements(rows, labels), 1),
            new LogisticRegression(),
            ParticipantListener.NONE);
    participant.start();
    return participant;
  }
}
