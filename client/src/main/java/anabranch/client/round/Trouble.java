// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A time in which the cluster does not answer or the model is not whole: told once when it begins
 * and once when it ends, with longer waits between the attempts.
 */
final class Trouble {

  private static final Logger LOG = LoggerFactory.getLogger(Participant.class);
  private static final long FIRST_WAIT_MILLIS = 200;
  private static final long LONGEST_WAIT_MILLIS = 10_000;

  private final String clientId;
  private final ParticipantListener listener;
  private long waitMillis;

  Trouble(String clientId, ParticipantListener listener) {
    this.clientId = clientId;
    this.listener = listener;
  }

  /** Waits before the next attempt. */
  void met(RuntimeException cause) throws InterruptedException {
    if (waitMillis == 0) {
      waitMillis = FIRST_WAIT_MILLIS;
      LOG.warn("{} tries again until it works: {}", clientId, cause.toString());
      listener.troubled(cause);
    }
    // Clients that lost the same broker must not all come back in the same instant.
    Thread.sleep(ThreadLocalRandom.current().nextLong(waitMillis / 2, waitMillis));
    waitMillis = Math.min(LONGEST_WAIT_MILLIS, 2 * waitMillis);
  }

  void over() {
    if (waitMillis > 0) {
      waitMillis = 0;
      LOG.info("{} goes on", clientId);
      listener.recovered();
    }
  }
}
