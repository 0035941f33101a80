// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.topic.KafkaConnection;
import anabranch.protocol.Topics;
import java.util.regex.Pattern;

/**
 * Who a participant is and where its federation lies.
 *
 * @param topics of the federation
 * @param connection to its Kafka cluster
 * @param clientId 1 to 128 characters of {@code [A-Za-z0-9._-]}; two participants with one id push
 *     each other out
 * @param memoryBytes memory it can give to training, in bytes; 0 when it does not say
 * @param agent software and version, for people
 */
public record ParticipantSettings(
    Topics topics, KafkaConnection connection, String clientId, long memoryBytes, String agent) {

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
}
