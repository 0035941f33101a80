// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.link.Bandwidth;
import anabranch.client.topic.KafkaConnection;
import anabranch.protocol.Topics;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Who a participant is and where its federation lies.
 *
 * @param topics of the federation
 * @param connection to its Kafka cluster
 * @param clientId 1 to 128 characters of {@code [A-Za-z0-9._-]}; two participants with one id push
 *     each other out
 * @param memoryBytes memory it gives to training beyond what it has resident when it is idle, in
 *     bytes, Java's heap apart; it sits out plans that take more; 0 when it does not say
 * @param agent software and version, for people
 * @param uplink how fast it sends
 * @param downlink how fast it receives
 * @param state directory of its own, where it keeps what it needs to be counted once after a crash;
 *     null when it begins anew with every start
 */
public record ParticipantSettings(
    Topics topics,
    KafkaConnection connection,
    String clientId,
    long memoryBytes,
    String agent,
    Bandwidth uplink,
    Bandwidth downlink,
    Path state) {

  private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  public ParticipantSettings {
    if (clientId == null || !CLIENT_ID.matcher(clientId).matches()) {
      throw new IllegalArgumentException(
          "client id '%s' must be 1 to 128 characters of A-Z a-z 0-9 . _ -".formatted(clientId));
    }
    if (memoryBytes < 0) {
      throw new IllegalArgumentException(
          "memory must be 0 (not said) or more bytes, not " + memoryBytes);
    }
  }

  /** A participant that says nothing of its memory, has a fast line and keeps no state on disk. */
  public static ParticipantSettings of(Topics topics, KafkaConnection connection, String clientId) {
    return new ParticipantSettings(
        topics,
        connection,
        clientId,
        0,
        "anabranch",
        Bandwidth.UNLIMITED,
        Bandwidth.UNLIMITED,
        null);
  }

  public ParticipantSettings withMemory(long bytes) {
    return new ParticipantSettings(
        topics, connection, clientId, bytes, agent, uplink, downlink, state);
  }

  public ParticipantSettings withAgent(String name) {
    return new ParticipantSettings(
        topics, connection, clientId, memoryBytes, name, uplink, downlink, state);
  }

  public ParticipantSettings withLine(Bandwidth up, Bandwidth down) {
    return new ParticipantSettings(
        topics, connection, clientId, memoryBytes, agent, up, down, state);
  }

  /** The same participant, remembering what it must in a directory. */
  public ParticipantSettings withState(Path directory) {
    return new ParticipantSettings(
        topics, connection, clientId, memoryBytes, agent, uplink, downlink, directory);
  }
}
