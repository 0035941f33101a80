// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.data.LocalData;
import anabranch.client.link.Link;
import anabranch.client.link.Traffic;
import anabranch.client.state.ClientState;
import anabranch.client.state.StateException;
import anabranch.client.topic.AnnouncementReader;
import anabranch.client.topic.ModelCopy;
import anabranch.client.topic.ModelIncompleteException;
import anabranch.client.train.LocalTrainer;
import anabranch.protocol.avro.UnreadableRecordException;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.ClientCheckIn;
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
 * credentials or rights stops it, and a disk that does not take its state.
 *
 * <p>With a {@linkplain ParticipantSettings#state() state directory} it is the same client after a
 * crash: it checks in with the same session, sends an update that was under way again, the very
 * same bytes, takes the receipt if the announcement with it is still there, and never trains a plan
 * twice. Without one it is a new client of the same name, and what the old one sent of an
 * unfinished update counts as expired.
 */
public final class Participant implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Participant.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final ParticipantSettings settings;
  private final LocalData data;
  private final LocalTrainer trainer;
  private final ParticipantListener listener;
  private final ClientState state;
  private final Link up;
  private final Link down;
  private final Thread thread;
  private final AtomicBoolean closing = new AtomicBoolean();

  /**
   * @param data the client's own samples
   * @param trainer may be shared with other participants; it is not closed with this one
   * @throws StateException if the state directory cannot be used: it belongs to another client, to
   *     one that runs, or is damaged
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
    String federation = settings.topics().federation();
    this.state =
        settings.state() == null
            ? ClientState.inMemory(federation, settings.clientId())
            : ClientState.open(settings.state(), federation, settings.clientId());
    this.up = new Link(settings.uplink());
    this.down = new Link(settings.downlink());
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

  /** What has gone over its line so far. May be called from any thread. */
  public Traffic traffic() {
    return new Traffic(up.bytes(), down.bytes());
  }

  /** Leaves the federation and waits until the thread has ended. */
  @Override
  public void close() {
    leave();
    try {
      thread.join();
      state.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    // The receipt of an update that was under way may be a few announcements back.
    int lookBack = state.pending().isPresent() ? Announcement.RING : 1;
    try (AnnouncementReader plans =
            new AnnouncementReader(settings.connection(), settings.topics(), down, lookBack);
        ModelCopy copy = new ModelCopy(settings.connection(), settings.topics(), down);
        Uplink uplink = new Uplink(settings, up)) {
      RoundWork work =
          new RoundWork(
              settings.clientId(),
              state,
              copy,
              data,
              trainer,
              settings.memoryBytes(),
              uplink,
              listener);
      follow(plans, work, uplink);
      // An interrupt that is still pending would cut the good-bye short.
      Thread.interrupted();
      uplink.sendLast(checkIn(ClientCheckIn.Status.LEAVING));
      listener.traffic(traffic());
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
    Traffic told = Traffic.NONE;
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
        if (!told.equals(traffic())) {
          told = traffic();
          listener.traffic(told);
        }
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
        state.session(),
        status,
        data.train().size(),
        settings.memoryBytes(),
        settings.agent());
  }
}
