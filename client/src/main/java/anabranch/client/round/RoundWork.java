// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.data.LocalData;
import anabranch.client.memory.PeakMemory;
import anabranch.client.state.ClientState;
import anabranch.client.state.PendingUpdate;
import anabranch.client.state.Residuals;
import anabranch.client.state.StateException;
import anabranch.client.topic.ModelSource;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
import anabranch.protocol.avro.UpdateParts;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.Receipt;
import anabranch.protocol.message.RoundReceipts;
import anabranch.protocol.model.ModelManifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a participant stands in the open round. Every step can fail for a while; {@link #advance}
 * then takes up the work where it stood, and a newer announcement makes it needless.
 */
public final class RoundWork {

  private static final Logger LOG = LoggerFactory.getLogger(Participant.class);

  /** What was trained, ready to be sent. */
  private record Trained(
      long samples, Map<String, Double> metrics, List<ClientUpdate> parts, Residuals residuals) {}

  private final String clientId;
  private final ClientState state;
  private final ModelSource model;
  private final LocalData data;
  private final LocalTrainer trainer;
  private final MemoryLimit memoryLimit;
  private final UpdateSender sender;
  private final ParticipantListener listener;

  /** The announcement whose plan is to be answered, null when there is nothing to do. */
  private Announcement open;

  /** Id of the plan that was sat out last, null when none was. */
  private Long satOut;

  /**
   * @param clientId as checked in
   * @param state its session, and what it has under way
   * @param model where announced versions come from
   * @param data the client's own samples
   * @param memoryBytes memory that it gives to training, 0 where it does not say; plans that take
   *     more are sat out
   * @param sender where updates go
   * @param listener is told what happens
   */
  public RoundWork(
      String clientId,
      ClientState state,
      ModelSource model,
      LocalData data,
      LocalTrainer trainer,
      long memoryBytes,
      UpdateSender sender,
      ParticipantListener listener) {
    this.clientId = clientId;
    this.state = state;
    this.model = model;
    this.data = data;
    this.trainer = trainer;
    this.memoryLimit = new MemoryLimit(memoryBytes);
    this.sender = sender;
    this.listener = listener;
  }

  /** Whether there is nothing to do until the next announcement. */
  public boolean isWaiting() {
    return open == null;
  }

  /** Takes the receipt, and the plan if there is something to do for it. */
  public void take(Announcement announcement) {
    state.pending().ifPresent(update -> settle(update, announcement));
    Plan plan = announcement.plan();
    open = plan != null && plan.cohort().contains(clientId) && !isDone(plan) ? announcement : null;
  }

  private void settle(PendingUpdate update, Announcement announcement) {
    RoundReceipts receipts = announcement.receipts();
    Plan plan = announcement.plan();
    if (receipts != null && receipts.planId() == update.planId()) {
      Optional<Outcome> outcome = outcome(receipts);
      if (outcome.equals(Optional.of(Outcome.FOLDED))) {
        state.folded();
      } else {
        state.notFolded();
      }
      listener.receipt(receipts.round(), outcome);
    } else if (announcement.sequence() > update.sequence()
        && (plan == null || plan.planId() != update.planId())) {
      lose(update);
    }
  }

  private void lose(PendingUpdate update) {
    state.lost();
    listener.receiptLost(update.round());
  }

  /** Empty when this client is not listed. */
  private Optional<Outcome> outcome(RoundReceipts receipts) {
    return receipts.receipts().stream()
        .filter(receipt -> receipt.clientId().equals(clientId))
        .map(Receipt::outcome)
        .findFirst();
  }

  private boolean isDone(Plan plan) {
    boolean isSatOut = satOut != null && satOut == plan.planId();
    return isSatOut || state.hasAnswered(plan.planId()) && unsent(plan).isEmpty();
  }

  /** The update of a plan that is written and not acknowledged by the cluster. */
  private Optional<PendingUpdate> unsent(Plan plan) {
    return state
        .pending()
        .filter(update -> update.planId() == plan.planId() && !update.acknowledged());
  }

  /** Does what can be done now. */
  public void advance() throws InterruptedException {
    if (open == null) {
      return;
    }
    Plan plan = open.plan();
    Optional<PendingUpdate> update = unsent(plan);
    if (update.isEmpty()) {
      // What is announced with lower numbers than the pending update's plan has settled nothing:
      // the
      // federation was begun anew.
      state.pending().ifPresent(this::lose);
      // What was trained is let go before it is sent: only its encoded form is needed.
      update =
          train(plan)
              .map(
                  trained ->
                      state.prepare(
                          plan,
                          open.sequence(),
                          trained.samples,
                          trained.metrics,
                          trained.parts,
                          trained.residuals));
    }
    if (update.isPresent()) {
      long bytes = sender.send(update.get().parts());
      state.acknowledged();
      listener.sent(plan, update.get().samples(), update.get().metrics(), bytes);
    } else {
      satOut = plan.planId();
    }
    open = null;
  }

  private Optional<Trained> train(Plan plan) throws InterruptedException {
    ModelManifest manifest = model.manifest(open);
    try {
      memoryLimit.require(plan, () -> trainer.expectedMemory(manifest, plan, data));
    } catch (MemoryLimit.Exceeded e) {
      // Before anything is fetched: the blocks alone may be too much.
      LOG.info("{} sits out round {}: {}", clientId, plan.round(), e.getMessage());
      listener.satOut(plan, e);
      return Optional.empty();
    }
    List<Integer> needed = new ArrayList<>(plan.trainBlocks());
    needed.addAll(plan.holdBlocks());
    Map<Integer, float[]> received = model.bringUpToDate(open, needed);
    listener.drawn(plan);
    Residuals residuals = state.residuals(open);
    PeakMemory memory = PeakMemory.begin();
    try {
      UpdateEncoder encoder = new UpdateEncoder(clientId, plan, manifest);
      TrainingResult trained =
          trainer.train(
              new TrainingTask(
                  manifest,
                  received,
                  plan.trainBlocks(),
                  plan.training(),
                  plan.round(),
                  plan.stage(),
                  plan.lambda(),
                  plan.gamma(),
                  ClientSeed.of(plan.seed(), clientId),
                  encoder.subspace().orElse(null)),
              data);
      TrainingResult result = withMemory(trained, memory);
      List<SegmentUpdate> segments = encoder.encode(received, result.blocks(), residuals);
      return Optional.of(
          new Trained(
              result.samples(), result.metrics(), parts(plan, result, segments), residuals));
    } catch (StateException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("{} sits out round {}", clientId, plan.round(), e);
      listener.satOut(plan, e);
      return Optional.empty();
    }
  }

  /** The update's parts, each within the limit of a record. */
  private List<ClientUpdate> parts(Plan plan, TrainingResult result, List<SegmentUpdate> segments) {
    return UpdateParts.split(
        new ClientUpdate(
            clientId,
            state.session(),
            plan.planId(),
            plan.round(),
            0,
            1,
            result.samples(),
            result.metrics(),
            segments,
            null,
            null));
  }

  private static TrainingResult withMemory(TrainingResult result, PeakMemory memory) {
    Map<String, Double> metrics = new HashMap<>(result.metrics());
    memory.bytes().ifPresent(bytes -> metrics.putIfAbsent("peakMemoryBytes", (double) bytes));
    return new TrainingResult(result.blocks(), result.samples(), metrics);
  }
}
