// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.RejectedRecord;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.udf.message.Draft;
import anabranch.udf.message.Header;
import anabranch.udf.message.Order;
import anabranch.udf.message.RecordId;
import anabranch.udf.round.CoordinatorState.Phase;
import anabranch.udf.round.RoundClosing.Closed;
import java.util.List;

/**
 * The control plane: the only place with policy, time, chance and counts. It sees headers and the
 * clock, and speaks in orders, drafts and rejections. It knows nothing of Flink; one thread calls
 * it.
 *
 * <p>A round: draw a cohort from the eligible clients and open a plan; admit each update once all
 * its parts are there, which orders its payloads to be folded; close when enough updates are in or
 * the deadline has passed; begin again.
 */
public final class Coordinator {

  /** Where decisions go. */
  public interface Output {
    void order(Order order);

    void draft(Draft draft);

    void reject(RejectedRecord rejected);
  }

  /** When no segment has come for this long, a load falls back to an older version. */
  static final long LOAD_TIMEOUT_MILLIS = 60_000;

  private final ModelManifest manifest;
  private final FederationPolicy policy;
  private final CoordinatorState state;
  private final StageChoice stages;
  private final Admission admission;
  private final RoundOpening opening;
  private final RoundClosing closing;
  private final Announcer announcer;
  private final Intermission intermission;

  /**
   * @param manifestDigest SHA-256 of the manifest record
   * @param state that it continues and changes
   * @throws IllegalArgumentException if the hold budget does not admit a quorum, or the policy is
   *     for other stages than the model has
   */
  public Coordinator(
      ModelManifest manifest,
      Digest manifestDigest,
      FederationPolicy policy,
      CoordinatorState state,
      Output output) {
    RoundOpening.demandAffordableQuorum(manifest, policy);
    this.manifest = manifest;
    this.policy = policy;
    this.state = state;
    state.orders.connect(output::order);
    stages = new StageChoice(manifest, policy, state);
    admission = new Admission(manifest, policy, state, output::reject);
    opening = new RoundOpening(manifest, policy, state, stages);
    closing = new RoundClosing(manifest, policy, state, stages);
    announcer = new Announcer(manifest, policy, manifestDigest, state, output::draft);
    intermission = new Intermission(policy.round(), state);
  }

  public CoordinatorState state() {
    return state;
  }

  public FederationPolicy policy() {
    return policy;
  }

  /** Takes in one header. */
  public void receive(Header header, long now) {
    if (header instanceof Header.Update update) {
      admission.judge(update, now);
      closeIfComplete(now);
    } else if (header instanceof Header.Unusable unusable) {
      admission.refuse(unusable);
    } else if (header instanceof Header.CheckIn checkIn) {
      boolean newSession = state.registry.checkIn(checkIn.checkIn());
      if (newSession) {
        admission.forgetIncomplete(checkIn.checkIn().clientId());
        if (state.phase == Phase.PAUSED) {
          intermission.resume(now);
        }
      }
      openIfPossible(now);
      reckonWithDeparture(checkIn.checkIn().clientId(), now);
    } else if (header instanceof Header.Gone gone) {
      state.registry.remove(gone.clientId());
      reckonWithDeparture(gone.clientId(), now);
    } else if (header instanceof Header.Loaded loaded) {
      boolean wanted = readsModel(now) && state.load.take(loaded);
      goOnLoading(wanted, loaded.segment(), loaded.id(), now);
    } else if (header instanceof Header.LoadedDelta delta) {
      boolean wanted = readsModel(now) && state.load.take(delta);
      goOnLoading(wanted, delta.segment(), delta.id(), now);
    } else if (header instanceof Header.Decided decided) {
      stages.decisions().take(decided.decision());
      openIfPossible(now);
    }
  }

  /** When {@link #wake} is to be called next, or {@link Long#MAX_VALUE}. */
  public long wakeAt(long now) {
    return Math.min(phaseWakesAt(now), wholeDueAt());
  }

  private long phaseWakesAt(long now) {
    return switch (state.phase) {
      case LOADING -> state.waitUntil + LOAD_TIMEOUT_MILLIS;
      case WAITING -> state.backoffUntil > now ? state.backoffUntil : state.waitUntil;
      // Clients cannot answer a plan that they cannot see: until then, look again later.
      case OPEN -> (state.open.visibleAt() == 0 ? now : state.open.visibleAt()) + deadline();
      case PAUSED, FINISHED -> Long.MAX_VALUE;
    };
  }

  /** Does what is due. Calling it too early or too often does no harm. */
  public void wake(long now) {
    if (wholeDueAt() <= now) {
      announcer.republish(
          state.blocks.stream()
              .filter(block -> Versions.wholeDueAt(block, policy.downlink()) <= now)
              .map(BlockVersion::block)
              .toList(),
          List.of(),
          null);
    }
    switch (state.phase) {
      case LOADING -> {
        if (now >= state.waitUntil + LOAD_TIMEOUT_MILLIS) {
          fallBack(now);
        }
      }
      case WAITING -> {
        openIfPossible(now);
        if (isWaitOver(now) && stages.decisions().areAwaited()) {
          stages.decisions().giveUp();
          openIfPossible(now);
        }
        if (isWaitOver(now)) {
          failWithoutClients(now);
        }
      }
      case OPEN -> {
        if (state.open.visibleAt() != 0 && now >= state.open.visibleAt() + deadline()) {
          close(now);
        }
      }
      case PAUSED, FINISHED -> {}
    }
  }

  /** The open plan can be read by clients from now on. */
  public void visible(long now) {
    if (state.phase == Phase.OPEN) {
      state.open.visible(now);
    }
  }

  /**
   * Continues after a restore.
   *
   * @param republishAfterMillis an outage longer than this may have cost the newest version its
   *     transaction, so that it is published again
   */
  public void resumeAfterRestore(long now, long republishAfterMillis) {
    long outage = Math.max(0, now - state.snapshotAt);
    state.waitUntil += outage;
    if (state.phase == Phase.OPEN && !opening.madeOpenPlan()) {
      abandon(now);
    } else if (state.phase == Phase.OPEN) {
      state.open.delay(outage);
      state.open.visible(now);
      state.open.countDeparted(state.registry);
    } else if (state.phase == Phase.FINISHED) {
      // The limit may have been raised since.
      intermission.begin(now);
    }
    if (outage > republishAfterMillis && state.phase != Phase.LOADING) {
      announcer.republishAll(null);
    }
  }

  /**
   * Makes a state older than the topic's head the newest, see {@link CoordinatorState#rollBack}.
   *
   * @param heads the newest announcements, newest first
   * @throws ModelMissingException if the state is from before a model was loaded
   */
  public void rollBack(List<Announcement> heads, long now) {
    if (state.phase == Phase.LOADING) {
      throw new ModelMissingException(
          "the savepoint is from before a model was loaded, so there is nothing to roll back to:"
              + " start without a savepoint");
    }
    if (state.open != null) {
      closing.expireAll();
    }
    state.rollBack(heads, manifest.ring());
    state.blocks =
        state.blocks.stream()
            .map(b -> new BlockVersion(b.block(), b.version(), b.issued(), b.digest(), now))
            .toList();
    intermission.begin(now);
    announcer.republishAll(takeAbandoned(now));
    openIfPossible(now);
  }

  /** Id of the open plan if clients cannot read it yet, else 0. */
  public long invisiblePlan() {
    return state.open != null && state.open.visibleAt() == 0 ? state.open.plan().planId() : 0;
  }

  /** When the next block has to be published whole. */
  private long wholeDueAt() {
    return state.phase == Phase.LOADING
        ? Long.MAX_VALUE
        : state.blocks.stream()
            .mapToLong(block -> Versions.wholeDueAt(block, policy.downlink()))
            .min()
            .orElse(Long.MAX_VALUE);
  }

  private boolean isWaitOver(long now) {
    return state.phase == Phase.WAITING && state.backoffUntil <= now && state.waitUntil <= now;
  }

  private long deadline() {
    return policy.round().deadline().toMillis();
  }

  private void reckonWithDeparture(String clientId, long now) {
    if (state.phase == Phase.OPEN && state.open.inCohort(clientId)) {
      state.open.countDeparted(state.registry);
      closeIfComplete(now);
    }
  }

  private void closeIfComplete(long now) {
    if (state.phase == Phase.OPEN && state.open.hasAllAwaited(policy)) {
      close(now);
    }
  }

  private boolean readsModel(long now) {
    boolean loading = state.phase == Phase.LOADING;
    if (loading) {
      // The topics are still being read: much may be old before the newest version comes.
      state.waitUntil = now;
    }
    return loading;
  }

  private void goOnLoading(boolean wanted, int segment, RecordId record, long now) {
    if (!wanted) {
      state.orders.drop(segment, record);
      return;
    }
    ModelLoad.Choice newest = state.load.newestIfWhole();
    if (newest != null) {
      finishLoad(newest, now);
    }
  }

  private void fallBack(long now) {
    ModelLoad.Choice choice = state.load.best();
    if (choice == null) {
      throw new ModelMissingException(
          "no announced version is whole on the model topic: %s. Restore the topic, or initialise"
                  .formatted(state.load.describe())
              + " a model under a new federation name with './anabranch model init'");
    }
    finishLoad(choice, now);
  }

  private void finishLoad(ModelLoad.Choice choice, long now) {
    Announcement planned = state.load.newestWithPlan();
    state.blocks = state.load.finish(choice, state.blocks, now, state.orders);
    state.load = null;
    state.modelVersion = choice.announcement().modelVersion();
    stages.begin(planned);
    intermission.begin(now);
    Closed abandoned = takeAbandoned(now);
    if (!choice.notWhole().isEmpty()) {
      announcer.republish(choice.notWhole(), choice.rebuilt(), abandoned);
    } else if (abandoned != null) {
      announcer.announce(abandoned);
    }
    openIfPossible(now);
  }

  /**
   * The round that the start without state ended, or null. The first announcement since has to have
   * its receipts: a client that sees a later one without them takes its update for lost.
   */
  private Closed takeAbandoned(long now) {
    Announcement abandoned = state.abandoned;
    state.abandoned = null;
    return abandoned == null
        ? null
        : closing.withoutPlan(
            RoundOutcome.ABANDONED, abandoned.plan().planId(), state.registry.size(), "", now, now);
  }

  /**
   * Ends a round whose plan was made under another configuration: its grids, bounds and sketches do
   * not fit what is validated now.
   */
  private void abandon(long now) {
    OpenRound round = state.open;
    closing.expireAll();
    intermission.begin(now);
    Closed closed =
        closing.withoutPlan(
            RoundOutcome.ABANDONED,
            round.plan().planId(),
            round.eligible(),
            "",
            round.openedAt(),
            now);
    open(now);
    announcer.announce(closed);
  }

  private void openIfPossible(long now) {
    if (open(now)) {
      announcer.announce(null);
    }
  }

  /** Opens a plan if nothing stands against it. */
  private boolean open(long now) {
    if (state.phase != Phase.WAITING || state.backoffUntil > now) {
      return false;
    }
    StageChoice.Fit fit = stages.next();
    if (fit == null) {
      return false;
    }
    state.turn = fit.turn();
    state.open = opening.open(fit, now);
    state.newestPlan = state.open.plan();
    state.round = state.newestPlan.round();
    state.phase = Phase.OPEN;
    return true;
  }

  private void close(long now) {
    Closed closed = closing.close(now);
    if (closed.report().outcome() == RoundOutcome.COMPLETED) {
      state.failuresInRow = 0;
      intermission.begin(now);
      open(now);
    } else {
      intermission.beginAfterFailure(now);
    }
    announcer.announce(closed);
  }

  private void failWithoutClients(long now) {
    state.round++;
    state.admitted.clear();
    Closed closed =
        closing.withoutPlan(
            RoundOutcome.NO_ELIGIBLE_CLIENTS,
            0,
            stages.eligibleForCurrent(),
            stages.whyNone(),
            state.waitUntil - deadline(),
            now);
    intermission.beginAfterFailure(now);
    announcer.announce(closed);
  }
}
