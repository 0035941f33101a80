// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Seeds of one client in one round, from the plan's public seed. */
final class ClientSeed {

  private ClientSeed() {}

  /** The first eight bytes of SHA-256 over the seed (big-endian) and the client id. */
  static long of(long planSeed, String clientId) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(ByteBuffer.allocate(Long.BYTES).putLong(planSeed).flip());
      return ByteBuffer.wrap(sha.digest(clientId.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
