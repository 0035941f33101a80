// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Compares models by their bits. */
public final class ModelHash {

  private ModelHash() {}

  /**
   * SHA-256 over all values as little-endian float32, block after block.
   *
   * @param weights flat vectors by block index
   * @return hexadecimal digits
   */
  public static String of(Map<Integer, float[]> weights) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (float[] vector : new TreeMap<>(weights).values()) {
        ByteBuffer bytes =
            ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        sha.update(bytes.array());
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
