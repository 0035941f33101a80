// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.TestFederation;
import anabranch.client.data.DatasetCatalog;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.client.round.ParticipantListener;
import anabranch.kafka.broker.LocalBroker;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Ten processes with ten limits: from 20 MB over the idle process in steps of 20 MB. */
class MemoryLimitITCase {

  private static final int CLIENTS = 10;
  private static final long MEGABYTE = 1_000_000;
  private static final int HEAP_MEGABYTES = 64;
  private static final long PATIENCE_MILLIS = 300_000;
  private static final int TINY_BATCH = 8;
  private static final int BATCH = 256;

  private static final List<Long> LIMITS =
      IntStream.rangeClosed(1, CLIENTS).mapToObj(i -> 20 * i * MEGABYTE).toList();

  private static final ModelDefinition MODEL =
      Architecture.RESNET.define(Map.of("cuts", "2,4,6", "projection", "16"));

  /** What a client did in a round: its peak in bytes, or why it sat out. */
  private record Done(Long peakBytes, String satOut) {}

  private final Map<String, Done> done = new ConcurrentHashMap<>();
  private final Map<String, Boolean> checkedIn = new ConcurrentHashMap<>();

  @Test
  @EnabledOnOs(OS.LINUX)
  void eachStaysBelowItsLimitAndOneThatFitsNoStageSaysSoAndWaits() throws Exception {
    FleetData data = new FleetData(DatasetCatalog.FASHION_MNIST, null, "iid", CLIENTS, 1, 0);
    try (LocalBroker broker = LocalBroker.start();
        TestFederation federation =
            new TestFederation(broker.bootstrapServers(), "memory-limits", MODEL);
        Fleet fleet =
            Fleet.startProcesses(
                FleetSettings.of(federation.topics, federation.connection),
                data,
                LIMITS,
                HEAP_MEGABYTES,
                Listener::new)) {
      assertThat(fleet.size()).isEqualTo(CLIENTS);
      await(checkedIn);
      List<ProcessHandle> processes =
          ProcessHandle.current()
              .children()
              .sorted(Comparator.comparing(ProcessHandle::pid))
              .toList();
      // The engine is idle once it has trained something tiny.
      play(federation, 1, MODEL.stages().size(), TINY_BATCH);
      long[] idle = processes.stream().mapToLong(process -> bytes(process, "VmRSS:")).toArray();

      int trained = 0;
      for (int stage = 1; stage <= MODEL.stages().size(); stage++) {
        Map<String, Done> round = play(federation, 1 + stage, stage, BATCH);
        for (int i = 0; i < CLIENTS; i++) {
          Done did = round.get(FleetSettings.clientId(i));
          if (did.peakBytes != null) {
            trained++;
            // Linux's mark goes on behind the client's own: to the update that is encoded and sent.
            long mark = bytes(processes.get(i), "VmHWM:");
            assertThat(mark).isGreaterThanOrEqualTo(did.peakBytes);
            assertThat(mark - idle[i])
                .as("stage %d, client %d", stage, i)
                .isLessThan(LIMITS.get(i));
          }
        }
        assertThat(round.get("client-000").satOut)
            .contains("stage %d would take".formatted(stage), "it waits for the next plan");
        assertThat(round.get("client-009").peakBytes).as("the largest limit").isNotNull();
      }
      // Some limits admit some of the stages only.
      assertThat(trained).isBetween(2 * MODEL.stages().size(), 9 * MODEL.stages().size() - 1);
      assertThat(processes).allMatch(ProcessHandle::isAlive);
    }
  }

  private Map<String, Done> play(TestFederation federation, long round, int stage, int batch)
      throws InterruptedException {
    done.clear();
    federation.announce(plan(federation, round, stage, batch), null);
    await(done);
    return new TreeMap<>(done);
  }

  private static void await(Map<String, ?> all) throws InterruptedException {
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (all.size() < CLIENTS) {
      assertThat(System.currentTimeMillis()).as("only %s", all).isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  private static Plan plan(TestFederation federation, long round, int number, int batch) {
    Stage stage = MODEL.stages().get(number - 1);
    List<String> cohort = IntStream.range(0, CLIENTS).mapToObj(FleetSettings::clientId).toList();
    Plan plan = federation.plan(round, cohort, stage.trainBlocks());
    return new Plan(
        plan.planId(),
        plan.previousPlanId(),
        round,
        cohort,
        stage.trainBlocks(),
        stage.holdBlocks(),
        number,
        0.5,
        0.5,
        0,
        plan.seed(),
        plan.durationMillis(),
        new TrainingSettings(1, batch, 0.01, 0.9, 0, Map.of()),
        plan.encoding(),
        plan.grids(),
        2_000);
  }

  private static long bytes(ProcessHandle process, String field) {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private final class Listener implements ParticipantListener {

    private final String clientId;

    Listener(String clientId) {
      this.clientId = clientId;
    }

    @Override
    public void checkedIn(ClientCheckIn checkIn) {
      checkedIn.put(clientId, true);
    }

    @Override
    public void sent(Plan plan, long samples, Map<String, Double> metrics, long recordBytes) {
      done.put(clientId, new Done(metrics.get("peakMemoryBytes").longValue(), null));
    }

    @Override
    public void satOut(Plan plan, RuntimeException cause) {
      done.put(clientId, new Done(null, cause.getMessage()));
    }
  }
}
