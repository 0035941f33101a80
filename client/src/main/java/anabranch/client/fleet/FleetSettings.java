// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import anabranch.client.link.Bandwidth;
import anabranch.client.round.ParticipantSettings;
import anabranch.client.topic.KafkaConnection;
import anabranch.protocol.Topics;
import java.nio.file.Path;

/**
 * What all members of a fleet have in common.
 *
 * @param topics of the federation
 * @param connection to its Kafka cluster
 * @param agent software and version, for people
 * @param uplink how fast each of them sends
 * @param downlink how fast each of them receives
 * @param states directory under which each keeps its state; null when they begin anew with every
 *     start
 */
public record FleetSettings(
    Topics topics,
    KafkaConnection connection,
    String agent,
    Bandwidth uplink,
    Bandwidth downlink,
    Path states) {

  /** A fleet with fast lines that keeps no state. */
  public static FleetSettings of(Topics topics, KafkaConnection connection) {
    return new FleetSettings(
        topics, connection, "anabranch-fleet", Bandwidth.UNLIMITED, Bandwidth.UNLIMITED, null);
  }

  public FleetSettings withLine(Bandwidth up, Bandwidth down) {
    return new FleetSettings(topics, connection, agent, up, down, states);
  }

  public FleetSettings withStates(Path directory) {
    return new FleetSettings(topics, connection, agent, uplink, downlink, directory);
  }

  /** Id of a member, {@code client-000} for number 0. */
  public static String clientId(int number) {
    return "client-%03d".formatted(number);
  }

  ParticipantSettings participant(int number) {
    String clientId = clientId(number);
    return ParticipantSettings.of(topics, connection, clientId)
        .withAgent(agent)
        .withLine(uplink, downlink)
        .withState(states == null ? null : states.resolve(clientId));
  }
}
