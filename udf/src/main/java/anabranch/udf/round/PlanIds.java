// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SortedMap;

/**
 * Plan ids: a hash chain over the plan before, the round, the admitted set and the configuration.
 * There is no clock and no order of arrival in it, so the same history gives the same ids, and an
 * id settles which version a client trained from.
 */
final class PlanIds {

  private PlanIds() {}

  /**
   * @param previous id of the plan before, 0 for the first
   * @param incarnation of the federation
   * @param round that the new plan opens
   * @param admitted client ids and weights of the round before
   * @param policy the configuration
   * @return an id that is not 0
   */
  static long next(
      long previous,
      int incarnation,
      long round,
      SortedMap<String, Long> admitted,
      FederationPolicy policy) {
    MessageDigest sha = sha256();
    ByteBuffer numbers = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES);
    sha.update(numbers.putLong(previous).putLong(round).putInt(incarnation).array());
    admitted.forEach(
        (client, weight) -> {
          sha.update(client.getBytes(StandardCharsets.UTF_8));
          sha.update(ByteBuffer.allocate(1 + Long.BYTES).put((byte) 0).putLong(weight).array());
        });
    // Records print their components by name and value: two configurations differ in their text.
    sha.update(policy.toString().getBytes(StandardCharsets.UTF_8));
    long id = ByteBuffer.wrap(sha.digest()).getLong();
    return id == 0 ? 1 : id;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
