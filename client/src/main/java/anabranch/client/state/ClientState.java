// SPDX-License-Identifier: Apache-2.0
package anabranch.client.state;

import anabranch.client.state.StateDirectory.Written;
import anabranch.client.state.StoredState.StoredUpdate;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Plan;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one client must remember to be counted once: its session, the plan that it answered last,
 * and the <em>pending</em> update, from the moment it is written until its receipt is taken or can
 * no longer come. An update is pending before its first record is sent, so that after a crash the
 * very same bytes are sent again: a job that has half of them takes the other half, and one that
 * has all counts the second copy as duplicate. Training again instead could give other bytes.
 *
 * <p>In memory, or in a directory where it survives the process. Not safe for several threads.
 */
public final class ClientState implements AutoCloseable {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Null when the state is in memory. */
  private final StateDirectory directory;

  /** What is on disk, or would be; its update has a file only in a directory. */
  private StoredState stored;

  private PendingUpdate pending;

  private ClientState(StateDirectory directory, StoredState stored, PendingUpdate pending) {
    this.directory = directory;
    this.stored = stored;
    this.pending = pending;
  }

  /** A state that ends with the process; a new session begins. */
  public static ClientState inMemory(String federation, String clientId) {
    return new ClientState(null, begun(federation, clientId), null);
  }

  /**
   * The state in a directory, which is created if it is not there. It is locked until this is
   * closed.
   *
   * @throws StateException if the directory cannot be used, belongs to another client, is used by a
   *     running one, or holds a damaged state
   */
  public static ClientState open(Path directory, String federation, String clientId) {
    StateDirectory files = StateDirectory.open(directory);
    try {
      Optional<StoredState> found = files.read();
      if (found.isEmpty()) {
        StoredState begun = begun(federation, clientId);
        files.write(begun);
        return new ClientState(files, begun, null);
      }
      StoredState stored = found.get();
      if (!stored.federation().equals(federation) || !stored.clientId().equals(clientId)) {
        throw new StateException(
            ("%s holds the state of client '%s' of federation '%s', not of '%s' of '%s': choose"
                    + " another directory")
                .formatted(
                    directory, stored.clientId(), stored.federation(), clientId, federation));
      }
      PendingUpdate pending = stored.pending() == null ? null : pending(stored.pending(), files);
      // A crash may have come between two files.
      files.deleteRecordsExcept(
          pending == null ? null : directory.resolve(stored.pending().file()));
      return new ClientState(files, stored, pending);
    } catch (StateException e) {
      files.close();
      throw e;
    }
  }

  private static StoredState begun(String federation, String clientId) {
    long session = RANDOM.nextLong();
    while (session == 0) {
      session = RANDOM.nextLong();
    }
    return new StoredState(StoredState.FORMAT, federation, clientId, session, null, null);
  }

  private static PendingUpdate pending(StoredUpdate update, StateDirectory files) {
    return new PendingUpdate(
        update.planId(),
        update.round(),
        update.sequence(),
        update.samples(),
        update.metrics(),
        update.acknowledged(),
        files.readRecords(update));
  }

  /** The number that all check-ins and updates of this client quote, not 0. */
  public long session() {
    return stored.session();
  }

  /** Whether the plan has been answered: it must not be trained again. */
  public boolean hasAnswered(long planId) {
    return stored.answered() != null && stored.answered() == planId;
  }

  /** The update whose receipt has not come. */
  public Optional<PendingUpdate> pending() {
    return Optional.ofNullable(pending);
  }

  /**
   * Keeps an update before it is sent; from now on its plan is answered. One that was pending is
   * forgotten.
   *
   * @param sequence of the announcement with the plan
   * @param parts encoded one at a time
   */
  public PendingUpdate prepare(
      Plan plan,
      long sequence,
      long samples,
      Map<String, Double> metrics,
      List<ClientUpdate> parts) {
    Iterator<byte[]> records = parts.stream().map(Records::encode).iterator();
    EncodedParts encoded;
    StoredUpdate update = null;
    if (directory == null) {
      List<byte[]> list = new ArrayList<>();
      records.forEachRemaining(list::add);
      encoded = new EncodedParts.InMemory(list);
    } else {
      Written written = directory.writeRecords(plan.planId(), records);
      encoded = new EncodedParts.InFile(written.file(), written.lengths());
      update =
          new StoredUpdate(
              plan.planId(),
              plan.round(),
              sequence,
              samples,
              metrics,
              false,
              written.file().getFileName().toString(),
              written.lengths(),
              written.crc32c());
    }
    store(plan.planId(), update);
    pending =
        new PendingUpdate(plan.planId(), plan.round(), sequence, samples, metrics, false, encoded);
    if (directory != null) {
      directory.deleteRecordsExcept(directory.path().resolve(update.file()));
    }
    return pending;
  }

  /** The cluster has acknowledged all records of the pending update. */
  public void acknowledged() {
    store(
        stored.answered(),
        stored.pending() == null ? null : stored.pending().withAcknowledgement());
    pending = pending.withAcknowledgement();
  }

  /** The receipt of the pending update was taken, or can no longer come: it is forgotten. */
  public void settle() {
    store(stored.answered(), null);
    pending = null;
    if (directory != null) {
      directory.deleteRecordsExcept(null);
    }
  }

  private void store(Long answered, StoredUpdate update) {
    stored =
        new StoredState(
            stored.format(),
            stored.federation(),
            stored.clientId(),
            stored.session(),
            answered,
            update);
    if (directory != null) {
      directory.write(stored);
    }
  }

  /** Gives the directory free; what is in it stays. */
  @Override
  public void close() {
    if (directory != null) {
      directory.close();
    }
  }
}
