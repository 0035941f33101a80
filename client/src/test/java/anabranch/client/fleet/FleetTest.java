// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.TestFederation;
import anabranch.client.data.DatasetCatalog;
import anabranch.client.link.Traffic;
import anabranch.client.model.Architecture;
import anabranch.client.round.SentRecords;
import anabranch.client.train.torch.TorchTrainer;
import anabranch.kafka.broker.LocalBroker;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.Receipt;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReceipts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FleetTest {

  private static final int HEAP_MEGABYTES = 192;

  /** Memory that the one member declares. */
  private static final List<Long> NOT_SAID = List.of(0L);

  private static LocalBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = LocalBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void membersInThisJvmShareATrainerAndHaveTheirOwnShares() throws Exception {
    try (TestFederation federation = federation("fleet-threads");
        SentRecords sent = new SentRecords(federation)) {
      try (Fleet fleet =
          Fleet.start(
              settings(federation),
              FleetClient.sharing(new TorchTrainer(), data(3).shares()),
              client -> sent)) {
        assertThat(fleet.size()).isEqualTo(3);
        playARound(federation, sent, fleet);
      }
      for (int member = 0; member < 3; member++) {
        assertThat(sent.awaitCheckIn().status()).isEqualTo(ClientCheckIn.Status.LEAVING);
      }
    }
  }

  @Test
  void memberInItsOwnProcessDoesAndTellsTheSame() throws Exception {
    try (TestFederation federation = federation("fleet-processes");
        SentRecords sent = new SentRecords(federation)) {
      try (Fleet fleet =
          Fleet.startProcesses(
              settings(federation), data(1), NOT_SAID, HEAP_MEGABYTES, client -> sent)) {
        playARound(federation, sent, fleet);
      }
      assertThat(sent.awaitCheckIn().status()).isEqualTo(ClientCheckIn.Status.LEAVING);
      assertThat(ProcessHandle.current().children()).isEmpty();
    }
  }

  @Test
  void processThatDiesIsToldOf() throws Exception {
    try (TestFederation federation = federation("fleet-death");
        SentRecords sent = new SentRecords(federation);
        Fleet fleet =
            Fleet.startProcesses(
                settings(federation), data(1), NOT_SAID, HEAP_MEGABYTES, client -> sent)) {
      assertThat(fleet.size()).isEqualTo(1);
      sent.awaitCheckIn();
      long pid = killOnlyChild();

      sent.awaitEvent(
          "stopped the process of client-000 (%d) ended by itself with code 137".formatted(pid));
    }
  }

  @Test
  void processThatCannotBeginSaysWhy() throws Exception {
    FleetData missing =
        new FleetData(DatasetCatalog.FASHION_MNIST, Path.of("no-such-folder"), "iid", 1, 1, 0);
    try (TestFederation federation = federation("fleet-no-data");
        SentRecords sent = new SentRecords(federation);
        Fleet fleet =
            Fleet.startProcesses(
                settings(federation), missing, NOT_SAID, HEAP_MEGABYTES, client -> sent)) {
      assertThat(fleet.size()).isEqualTo(1);
      assertThat(sent.awaitEventThat(event -> event.startsWith("stopped")))
          .contains("no-such-folder", "train-images-idx3-ubyte");
    }
  }

  private static void playARound(TestFederation federation, SentRecords sent, Fleet fleet)
      throws Exception {
    for (int member = 0; member < fleet.size(); member++) {
      assertThat(sent.awaitCheckIn().samples()).isEqualTo(10_800 / fleet.size());
    }
    Plan plan = federation.plan(1, List.of("client-000"), List.of(0, 1));
    federation.announce(plan, null);
    ClientUpdate update = sent.awaitUpdate();
    sent.awaitEvent("sent 1");
    federation.announce(
        null,
        new RoundReceipts(
            plan.planId(),
            1,
            RoundOutcome.COMPLETED,
            List.of(new Receipt("client-000", Outcome.FOLDED))));
    sent.awaitEvent("receipt 1 FOLDED");

    assertThat(update.samples()).isEqualTo(10_800 / fleet.size());
    assertThat(update.metrics()).containsKeys("loss", "heldOutAccuracy");
    Traffic traffic = fleet.traffic();
    assertThat(traffic.uplinkBytes()).isGreaterThan(200_000);
    assertThat(traffic.downlinkBytes()).isGreaterThan(200_000);
  }

  private static long killOnlyChild() throws Exception {
    List<ProcessHandle> children = ProcessHandle.current().children().toList();
    assertThat(children).hasSize(1);
    children.get(0).destroyForcibly();
    children.get(0).onExit().get(10, TimeUnit.SECONDS);
    return children.get(0).pid();
  }

  private static TestFederation federation(String name) {
    return new TestFederation(broker.bootstrapServers(), name, Architecture.MLP.define(Map.of()));
  }

  private static FleetSettings settings(TestFederation federation) {
    return FleetSettings.of(federation.topics, federation.connection);
  }

  private static FleetData data(int clients) {
    return new FleetData(DatasetCatalog.FASHION_MNIST, null, "iid", clients, 1, 0.1);
  }
}
