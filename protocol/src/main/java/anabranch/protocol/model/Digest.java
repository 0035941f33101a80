// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A SHA-256 digest, 32 bytes.
 *
 * <p>A segment's digest is taken over its values as they stand in {@code ModelSegment.values}
 * (float32, little-endian). A block's digest is taken over the digests of its segments, one after
 * the other in segment order, so it can be made by who has never seen the values.
 */
public final class Digest {

  public static final int LENGTH = 32;

  private final byte[] bytes;

  private Digest(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @throws IllegalArgumentException if there are not exactly 32 bytes
   */
  public static Digest of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + bytes.length);
    }
    return new Digest(bytes.clone());
  }

  /** SHA-256 of a run of bytes. */
  public static Digest ofContent(byte[] content, int offset, int length) {
    MessageDigest sha = sha256();
    sha.update(content, offset, length);
    return new Digest(sha.digest());
  }

  /** The digest of a block from those of its segments, in segment order. */
  public static Digest ofBlock(List<Digest> segments) {
    MessageDigest sha = sha256();
    segments.forEach(segment -> sha.update(segment.bytes));
    return new Digest(sha.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  public String toHex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return toHex().substring(0, 12);
  }
}
