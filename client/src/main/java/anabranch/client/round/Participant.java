// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.data.LocalData;
import anabranch.client.topic.AnnouncementReader;
import anabranch.client.topic.ModelCopy;
import anabranch.client.topic.ModelIncompleteException;
import anabranch.client.train.LocalTrainer;
import anabranch.protocol.avro.UnreadableRecordException;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.ClientCheckIn;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of a federation, on a thread of its own: checks in, follows the plans, and for each
 * plan that draws it brings its copy of the model up to date, trains, sends, and takes the receipt.
 *
 * <p>It goes on through outages of the cluster until it is closed. Only a cluster that refuses its
 * credentials or rights stops it.
 */
public final class Participant implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Participant.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final ParticipantSettings settings;
  private final LocalData data;
  private final LocalTrainer trainer;
  private final ParticipantListener listener;
  private final long session;
  private final Thread thread;
  private final AtomicBoolean closing = new AtomicBoolean();

  /**
   * @param data the client's own samples
   * @param trainer may be shared with other participants; it is not closed with this one
   */
  public Participant(
      ParticipantSettings settings,
      LocalData data,
      LocalTrainer trainer,
      ParticipantListener listener) {
    this.settings = settings;
    this.data = data;
    this.trainer = trainer;
    this.listener = listener;
    this.session = newSession();
    this.thread = new Thread(this::run, "participant-" + settings.clientId());
    thread.setDaemon(true);
  }

  /** Begins to take part. To be called once. */
  public void start() {
    thread.start();
  }

  /**
   * Begins to leave the federation, breaking off what it does, and returns at once. Who closes many
   * participants calls this for all before closing the first.
   */
  public void leave() {
    // A second interrupt would break off the good-bye.
    if (closing.compareAndSet(false, true)) {
      thread.interrupt();
    }
  }

  /** Leaves the federation and waits until the thread has ended. */
  @Override
  public void close() {
    leave();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (AnnouncementReader plans =
            new AnnouncementReader(settings.connection(), settings.topics());
        ModelCopy copy = new ModelCopy(settings.connection(), settings.topics());
        Uplink uplink = new Uplink(settings)) {
      RoundWork work =
          new RoundWork(settings.clientId(), session, copy, data, trainer, uplink, listener);
      follow(plans, work, uplink);
      // An interrupt that is still pending would cut the good-bye short.
      Thread.interrupted();
      uplink.sendLast(checkIn(ClientCheckIn.Status.LEAVING));
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.error("{} has stopped", settings.clientId(), e);
      listener.stopped(e);
    }
  }

  /** Returns when the participant is closed. */
  private void follow(AnnouncementReader plans, RoundWork work, Uplink uplink) {
    Trouble trouble = new Trouble(settings.clientId(), listener);
    boolean checkedIn = false;
    while (!closing.get()) {
      try {
        for (Announcement announcement : plans.poll(work.isWaiting() ? POLL : Duration.ZERO)) {
          work.take(announcement);
        }
        if (!checkedIn) {
          ClientCheckIn checkIn = checkIn(ClientCheckIn.Status.READY);
          uplink.send(checkIn);
          checkedIn = true;
          listener.checkedIn(checkIn);
        }
        work.advance();
        trouble.over();
      } catch (AuthenticationException | AuthorizationException e) {
        throw e;
      } catch (InterruptedException | InterruptException e) {
        // Only closing interrupts; the loop's condition sees it.
        Thread.interrupted();
      } catch (KafkaException | ModelIncompleteException | UnreadableRecordException e) {
        try {
          trouble.met(e);
        } catch (InterruptedException interrupted) {
          Thread.interrupted();
        }
      }
    }
  }

  private ClientCheckIn checkIn(ClientCheckIn.Status status) {
    return new ClientCheckIn(
        settings.clientId(),
        session,
        status,
        data.train().size(),
        settings.memoryBytes(),
        settings.agent());
  }

  private static long newSession() {
    SecureRandom random = new SecureRandom();
    long session = random.nextLong();
    while (session == 0) {
      session = random.nextLong();
    }
    return session;
  }
}
