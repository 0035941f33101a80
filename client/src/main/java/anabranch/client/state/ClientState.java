// SPDX-License-Identifier: Apache-2.0
package anabranch.client.state;

import static java.util.stream.Collectors.toSet;

import anabranch.client.state.StateDirectory.Written;
import anabranch.client.state.StoredState.StoredResidual;
import anabranch.client.state.StoredState.StoredResiduals;
import anabranch.client.state.StoredState.StoredUpdate;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
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
 * the <em>pending</em> update, from the moment it is written until its receipt is taken or can no
 * longer come, and the residuals of error feedback. An update is pending before its first record is
 * sent, so that after a crash the very same bytes are sent again: a job that has half of them takes
 * the other half, and one that has all counts the second copy as duplicate. Training again instead
 * could give other bytes.
 *
 * <p>What an update leaves out is kept beside it and becomes the residual of its blocks when the
 * update is {@linkplain #folded() folded}. An update that was {@linkplain #notFolded() not folded}
 * changes nothing. Of one whose outcome is {@linkplain #lost() lost} either may be true, so its
 * blocks begin with nothing left out: kept, a residual of which the update had carried the greater
 * part would be added to the model twice; dropped, what it held is missing once.
 *
 * <p>In memory, or in a directory where it survives the process. Not safe for several threads.
 */
public final class ClientState implements AutoCloseable {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Null when the state is in memory. */
  private final StateDirectory directory;

  private final VectorShelf vectors;

  /** What is on disk, or would be. */
  private StoredState stored;

  private PendingUpdate pending;

  private ClientState(StateDirectory directory, StoredState stored, PendingUpdate pending) {
    this.directory = directory;
    this.vectors = directory == null ? new VectorShelf.InMemory() : directory;
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
      ClientState state = new ClientState(files, stored, pending);
      stored.allResiduals().forEach(kept -> kept.readFrom(files));
      // A crash may have come between two files.
      state.deleteUnused();
      return state;
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
    return new StoredState(StoredState.FORMAT, federation, clientId, session, null, null, null);
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
   * The residuals for an update that is to be encoded now.
   *
   * @param announcement with its plan
   * @throws IllegalStateException while an update is pending, since its receipt decides about them
   */
  public Residuals residuals(Announcement announcement) {
    if (pending != null) {
      throw new IllegalStateException(
          "the update for plan %d is pending: no other can be encoded".formatted(pending.planId()));
    }
    return new Residuals(vectors, stored.residuals(), announcement);
  }

  /**
   * Keeps an update before it is sent; from now on its plan is answered.
   *
   * @param sequence of the announcement with the plan
   * @param parts encoded one at a time
   * @param residuals from which they were encoded
   */
  public PendingUpdate prepare(
      Plan plan,
      long sequence,
      long samples,
      Map<String, Double> metrics,
      List<ClientUpdate> parts,
      Residuals residuals) {
    Iterator<byte[]> records = parts.stream().map(Records::encode).iterator();
    EncodedParts encoded;
    Written written;
    if (directory == null) {
      List<byte[]> list = new ArrayList<>();
      records.forEachRemaining(list::add);
      encoded = new EncodedParts.InMemory(list);
      written = Written.NOWHERE;
    } else {
      written = directory.writeRecords(plan.planId(), records);
      encoded =
          new EncodedParts.InFile(directory.path().resolve(written.file()), written.lengths());
    }
    StoredUpdate update =
        new StoredUpdate(
            plan.planId(),
            plan.round(),
            sequence,
            samples,
            metrics,
            false,
            written.file(),
            written.lengths(),
            written.crc32c(),
            residuals.written());
    store(plan.planId(), update, stored.residuals());
    pending =
        new PendingUpdate(plan.planId(), plan.round(), sequence, samples, metrics, false, encoded);
    return pending;
  }

  /** The cluster has acknowledged all records of the pending update. */
  public void acknowledged() {
    store(stored.answered(), stored.pending().withAcknowledgement(), stored.residuals());
    pending = pending.withAcknowledgement();
  }

  /** The pending update is part of the model: what it left out is the residual of its blocks. */
  public void folded() {
    settle(stored.residuals().replacedBy(stored.pending().residuals()));
  }

  /** The pending update is no part of the model: residuals are what they were before it. */
  public void notFolded() {
    settle(stored.residuals());
  }

  /** Nobody knows what became of the pending update: its blocks begin with nothing left out. */
  public void lost() {
    settle(stored.residuals().without(stored.pending().residuals()));
  }

  private void settle(StoredResiduals residuals) {
    store(stored.answered(), null, residuals);
    pending = null;
  }

  private void store(Long answered, StoredUpdate update, StoredResiduals residuals) {
    stored =
        new StoredState(
            StoredState.FORMAT,
            stored.federation(),
            stored.clientId(),
            stored.session(),
            answered,
            update,
            residuals);
    if (directory != null) {
      directory.write(stored);
    }
    deleteUnused();
  }

  private void deleteUnused() {
    vectors.deleteVectorsExcept(stored.allResiduals().map(StoredResidual::file).collect(toSet()));
    if (directory != null) {
      directory.deleteRecordsExcept(stored.pending() == null ? null : stored.pending().file());
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
