// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.testkit.Await;
import anabranch.job.testkit.JobProcess;
import anabranch.job.testkit.LastStableOffsets;
import anabranch.job.testkit.Participants;
import anabranch.job.testkit.PublishedVersions;
import anabranch.job.testkit.RecordedUpdates;
import anabranch.job.testkit.SteadyGarbage;
import anabranch.job.testkit.TestFederation;
import anabranch.job.testkit.TestModel;
import anabranch.kafka.broker.LocalBrokerProcess;
import anabranch.kafka.broker.LocalBrokerSettings;
import anabranch.protocol.message.Announcement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job killed and submitted anew without a savepoint, again and again, the broker too. */
class KilledJobITCase {

  private static final Logger LOG = LoggerFactory.getLogger(KilledJobITCase.class);

  private static final int KILLS = 20;
  private static final Duration PLAN_PATIENCE = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOST_MILLIS_TO_LIVE = 400;

  /** Incarnations whose broker dies while a round is open. */
  private static final Set<Integer> BROKER_DIES = Set.of(4, 11);

  /** Incarnations that die together with their broker. */
  private static final Set<Integer> BOTH_DIE = Set.of(8);

  private final TestModel model = TestModel.threeBlocks();
  private final RecordedUpdates updates = new RecordedUpdates(model);

  private final List<Long> untilPlan = new ArrayList<>();
  private int transactionsLeftOpen;

  @TempDir Path directory;

  @Test
  void readersGoOnAfterEveryKillAndSeeNoVersionWithTwoContents() throws Exception {
    SplittableRandom random = new SplittableRandom(11);
    try (LocalBrokerProcess broker =
        LocalBrokerProcess.start(LocalBrokerSettings.keptIn(directory.resolve("broker")))) {
      TestFederation federation = new TestFederation(broker.bootstrapServers(), model);
      federation.begin();
      federation.checkIn(updates.checkIns());
      try (Participants participants = new Participants(federation, updates, 12)) {
        for (int incarnation = 1; incarnation <= KILLS + 1; incarnation++) {
          int now = incarnation;
          try (JobProcess job = JobProcess.start(directory, now, federation.settings())) {
            Announcement opened =
                participants.watch(
                    "a plan of incarnation " + now,
                    PATIENCE,
                    a -> a.incarnation() == now && a.plan() != null);
            untilPlan.add(System.currentTimeMillis() - job.submittedAt());
            assertNothingIsHidden(federation);
            try (SteadyGarbage garbage = new SteadyGarbage(federation, now)) {
              participants.inMidRound(plan -> breakBroker(broker, now));
              participants.play(opened.modelVersion() + 1, PATIENCE);
              // The announcement is visible, so its checkpoint is complete. Half of the jobs die
              // at once, half at any time in the next checkpoint.
              Thread.sleep(random.nextInt(2) * random.nextInt(MOST_MILLIS_TO_LIVE));
              job.kill();
              assertThat(garbage.sent()).isPositive();
              transactionsLeftOpen += LastStableOffsets.hidden(federation).isEmpty() ? 0 : 1;
            }
            if (BOTH_DIE.contains(now)) {
              broker.restart();
            }
          }
        }
      }
      PublishedVersions published = PublishedVersions.read(federation);
      assertThat(published.announcements().get(published.announcements().size() - 1))
          .satisfies(last -> assertThat(last.incarnation()).isEqualTo(KILLS + 1))
          .satisfies(last -> assertThat(last.modelVersion()).isGreaterThan(KILLS));
      assertNumbersAreNeverUsedTwice(published.announcements());
    }
    LOG.info("{} of {} jobs left a transaction open", transactionsLeftOpen, KILLS + 1);
    assertThat(transactionsLeftOpen).isPositive();
    LOG.info("milliseconds from each submission to a visible plan: {}", untilPlan);
    assertThat(untilPlan).allMatch(millis -> millis <= PLAN_PATIENCE.toMillis());
  }

  private static void breakBroker(LocalBrokerProcess broker, int incarnation) {
    if (BROKER_DIES.contains(incarnation)) {
      broker.restart();
    }
  }

  private static void assertNothingIsHidden(TestFederation federation) throws Exception {
    Await.until(
        () -> "readers see everything, hidden are " + LastStableOffsets.hidden(federation),
        PLAN_PATIENCE,
        () -> LastStableOffsets.hidden(federation).isEmpty());
  }

  private static void assertNumbersAreNeverUsedTwice(List<Announcement> announcements) {
    assertThat(announcements).extracting(Announcement::sequence).doesNotHaveDuplicates().isSorted();
    for (int i = 1; i < announcements.size(); i++) {
      for (int block = 0; block < 3; block++) {
        assertThat(announcements.get(i).blocks().get(block).version())
            .isGreaterThanOrEqualTo(announcements.get(i - 1).blocks().get(block).version());
      }
    }
  }
}
