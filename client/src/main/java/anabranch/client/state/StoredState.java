// SPDX-License-Identifier: Apache-2.0
package anabranch.client.state;

import java.util.List;
import java.util.Map;

/**
 * The content of {@code state.json}.
 *
 * @param format {@link #FORMAT}
 * @param federation that the session belongs to
 * @param clientId that it belongs to
 * @param session as checked in
 * @param answered id of the plan that was answered last, null when none was
 * @param pending the update whose receipt has not come, null when there is none
 */
record StoredState(
    int format,
    String federation,
    String clientId,
    long session,
    Long answered,
    StoredUpdate pending) {

  /** Rises when an older program would misunderstand the file. */
  static final int FORMAT = 1;

  StoredState {
    if (format < 1 || session == 0 || federation == null || clientId == null) {
      throw new IllegalArgumentException("format, session, federation or client is missing");
    }
  }

  /**
   * A {@link PendingUpdate}.
   *
   * @param file name of the file with the records
   * @param lengths of the records in it, in bytes
   * @param crc32c checksum of the file
   */
  record StoredUpdate(
      long planId,
      long round,
      long sequence,
      long samples,
      Map<String, Double> metrics,
      boolean acknowledged,
      String file,
      List<Integer> lengths,
      long crc32c) {

    StoredUpdate {
      metrics = Map.copyOf(metrics);
      lengths = List.copyOf(lengths);
    }

    StoredUpdate withAcknowledgement() {
      return new StoredUpdate(
          planId, round, sequence, samples, metrics, true, file, lengths, crc32c);
    }
  }
}
