// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * All that the result of a run depends on, as a record whose components are the keys of its JSON.
 * Two runs of the same settings are the same run.
 */
public interface Settings {

  /** A short description for people. */
  String describe();

  /** Sixteen hexadecimal digits that name these settings and no others. */
  default String hash() {
    final int hashBytes = 8;
    try {
      byte[] json = new ObjectMapper().writeValueAsString(this).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
      return HexFormat.of().formatHex(digest, 0, hashBytes);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
