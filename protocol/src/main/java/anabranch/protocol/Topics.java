// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol;

import java.util.regex.Pattern;

/**
 * The names of a federation's Kafka topics. Their settings stand in the topic table of {@code
 * kafka-setup}.
 *
 * @param federation name of the federation, 1 to 100 characters of {@code [A-Za-z0-9_-]}
 */
public record Topics(String federation) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  public Topics {
    if (federation == null || !NAME.matcher(federation).matches()) {
      throw new IllegalArgumentException(
          "federation name '%s' must be 1 to 100 characters of A-Z a-z 0-9 _ -"
              .formatted(federation));
    }
  }

  /** Check-ins, keyed by client id, compacted. */
  public String clients() {
    return federation + ".clients";
  }

  /** Client updates, keyed by client id, kept by time. */
  public String updates() {
    return federation + ".updates";
  }

  /** Manifest and model segments under ring keys, compacted. */
  public String model() {
    return federation + ".model";
  }

  /** What leads from each version of a segment to the next, kept by time. */
  public String deltas() {
    return federation + ".deltas";
  }

  /** Announcements under ring keys, one partition, compacted. */
  public String plans() {
    return federation + ".plans";
  }

  /** Round reports, one partition, kept by time. */
  public String rounds() {
    return federation + ".rounds";
  }

  /** One record for every update record that was refused, with the reason. */
  public String rejected() {
    return federation + ".rejected";
  }

  /** The job's decisions about stages, which it reads itself, one partition, kept by time. */
  public String control() {
    return federation + ".control";
  }

  /** The prefix of the job's Kafka transactional ids; it never changes, see the protocol page. */
  public String transactionalIdPrefix() {
    return "anabranch-" + federation;
  }
}
