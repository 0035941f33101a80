// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.data.LocalData;
import anabranch.client.state.ClientState;
import anabranch.client.state.PendingUpdate;
import anabranch.client.topic.ModelSource;
import anabranch.client.train.LocalTrainer;
import anabranch.client.train.TrainingResult;
import anabranch.client.train.TrainingTask;
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
  private record Trained(long samples, Map<String, Double> metrics, List<ClientUpdate> parts) {}

  private final String clientId;
  private final ClientState state;
  private final UpdateWriter writer;
  private final ModelSource model;
  private final LocalData data;
  private final LocalTrainer trainer;
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
   * @param sender where updates go
   * @param listener is told what happens
   */
  public RoundWork(
      String clientId,
      ClientState state,
      ModelSource model,
      LocalData data,
      LocalTrainer trainer,
      UpdateSender sender,
      ParticipantListener listener) {
    this.clientId = clientId;
    this.state = state;
    this.writer = new UpdateWriter(clientId, state.session());
    this.model = model;
    this.data = data;
    this.trainer = trainer;
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
      state.settle();
      listener.receipt(receipts.round(), outcome(receipts));
    } else if (announcement.sequence() > update.sequence()
        && (plan == null || plan.planId() != update.planId())) {
      state.settle();
      listener.receiptLost(update.round());
    }
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
      // What was trained is let go before it is sent: only its encoded form is needed.
      update =
          train(plan)
              .map(
                  trained ->
                      state.prepare(
                          plan, open.sequence(), trained.samples, trained.metrics, trained.parts));
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
    List<Integer> needed = new ArrayList<>(plan.trainBlocks());
    needed.addAll(plan.holdBlocks());
    Map<Integer, float[]> received = model.bringUpToDate(open, needed);
    listener.drawn(plan);
    PeakMemory memory = PeakMemory.begin();
    try {
      TrainingResult trained =
          trainer.train(
              new TrainingTask(
                  manifest,
                  received,
                  plan.trainBlocks(),
                  plan.training(),
                  plan.stage(),
                  plan.lambda(),
                  plan.gamma(),
                  ClientSeed.of(plan.seed(), clientId)),
              data);
      TrainingResult result = withMemory(trained, memory);
      return Optional.of(
          new Trained(
              result.samples(), result.metrics(), writer.write(plan, manifest, received, result)));
    } catch (RuntimeException e) {
      LOG.warn("{} sits out round {}", clientId, plan.round(), e);
      listener.satOut(plan, e);
      return Optional.empty();
    }
  }

  private static TrainingResult withMemory(TrainingResult result, PeakMemory memory) {
    Map<String, Double> metrics = new HashMap<>(result.metrics());
    memory.bytes().ifPresent(bytes -> metrics.putIfAbsent("peakMemoryBytes", (double) bytes));
    return new TrainingResult(result.blocks(), result.samples(), metrics);
  }
}
