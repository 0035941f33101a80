// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.client.data.LocalData;
import anabranch.client.topic.ModelCopy;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a participant stands in the open round. Every step can fail for a while; {@link #advance}
 * then takes up the work where it stood, and a newer announcement makes it needless.
 */
final class RoundWork {

  private static final Logger LOG = LoggerFactory.getLogger(Participant.class);

  /** An update that is written and not yet acknowledged by the cluster. */
  private record Outgoing(Plan plan, TrainingResult result, List<ClientUpdate> parts) {}

  private final String clientId;
  private final UpdateWriter writer;
  private final ModelCopy copy;
  private final LocalData data;
  private final LocalTrainer trainer;
  private final Uplink uplink;
  private final ParticipantListener listener;

  /** The announcement whose plan is to be answered, null when there is nothing to do. */
  private Announcement open;

  /** Null until the open plan's update is written, and again when it is acknowledged. */
  private Outgoing outgoing;

  /** Id of the plan that was answered or sat out last, null when none was. */
  private Long handled;

  /** The plan whose receipt is awaited, null when none is. */
  private Plan sent;

  RoundWork(
      String clientId,
      long session,
      ModelCopy copy,
      LocalData data,
      LocalTrainer trainer,
      Uplink uplink,
      ParticipantListener listener) {
    this.clientId = clientId;
    this.writer = new UpdateWriter(clientId, session);
    this.copy = copy;
    this.data = data;
    this.trainer = trainer;
    this.uplink = uplink;
    this.listener = listener;
  }

  /** Whether there is nothing to do until the next announcement. */
  boolean isWaiting() {
    return open == null;
  }

  /** Takes the receipt, and the plan if it draws this client. */
  void take(Announcement announcement) {
    takeReceipt(announcement.receipts());
    Plan plan = announcement.plan();
    boolean wanted = plan != null && plan.cohort().contains(clientId) && !isHandled(plan);
    if (outgoing != null && (!wanted || outgoing.plan.planId() != plan.planId())) {
      outgoing = null;
    }
    open = wanted ? announcement : null;
  }

  private boolean isHandled(Plan plan) {
    return handled != null && handled == plan.planId();
  }

  private void takeReceipt(RoundReceipts receipts) {
    if (sent != null && receipts != null && receipts.planId() == sent.planId()) {
      Optional<Outcome> outcome =
          receipts.receipts().stream()
              .filter(receipt -> receipt.clientId().equals(clientId))
              .map(Receipt::outcome)
              .findFirst();
      listener.receipt(receipts.round(), outcome);
      sent = null;
    }
  }

  /** Does what can be done now. */
  void advance() throws InterruptedException {
    if (open == null) {
      return;
    }
    if (outgoing == null) {
      train(open.plan());
    }
    if (outgoing != null) {
      long bytes = uplink.send(outgoing.parts);
      sent = outgoing.plan;
      listener.sent(sent, outgoing.result.samples(), outgoing.result.metrics(), bytes);
      outgoing = null;
    }
    handled = open.plan().planId();
    open = null;
  }

  private void train(Plan plan) throws InterruptedException {
    ModelManifest manifest = copy.manifest(open);
    List<Integer> needed = new ArrayList<>(plan.trainBlocks());
    needed.addAll(plan.holdBlocks());
    Map<Integer, float[]> received = copy.bringUpToDate(open, needed);
    listener.drawn(plan);
    try {
      TrainingResult result =
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
      outgoing = new Outgoing(plan, result, writer.write(plan, manifest, received, result));
    } catch (RuntimeException e) {
      LOG.warn("{} sits out round {}", clientId, plan.round(), e);
      listener.satOut(plan, e);
    }
  }
}
