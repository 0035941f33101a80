// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import anabranch.job.config.FederationConfig;
import anabranch.job.testkit.JobCluster.Run;
import anabranch.job.testkit.Participants;
import anabranch.job.testkit.PublishedVersions;
import anabranch.job.testkit.RecordedUpdates;
import anabranch.job.testkit.Stage;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * New versions that travel as changes. {@link PublishedVersions} fails where an announced version
 * cannot be made from a whole one and the changes since, or has another digest then.
 */
class DownlinkITCase {

  @TempDir static Path directory;

  private static Stage stage;

  @BeforeAll
  static void open() throws Exception {
    stage = Stage.open(directory);
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void versionsAreTheSameToTheBitWhateverTheParallelismAndThroughASavepoint() throws Exception {
    stage.begin();
    try (Participants participants = stage.participants(21)) {
      stage.cluster().submit(config(), Run.PLAIN.at(2));
      participants.play(RecordedUpdates.ROUNDS, Stage.PATIENCE);
      stage.cluster().cancel();
    }
    PublishedVersions straight = PublishedVersions.read(stage.federation());

    stage.begin();
    try (Participants participants = stage.participants(22)) {
      stage.cluster().submit(config(), Run.PLAIN);
      participants.play(5, Stage.PATIENCE);
      String savepoint = stage.cluster().stopWithSavepoint();
      stage.cluster().submit(config(), Run.PLAIN.at(2).on("rocksdb").from(savepoint));
      participants.play(RecordedUpdates.ROUNDS, Stage.PATIENCE);
      stage.cluster().cancel();
    }
    PublishedVersions interrupted = PublishedVersions.read(stage.federation());

    assertThat(interrupted.hashes()).isEqualTo(straight.hashes());
    assertThat(straight.hashes()).hasSize(3 * (RecordedUpdates.ROUNDS + 1));
    List<Announcement> announcements = straight.announcements();
    assertThat(announcements)
        .filteredOn(announcement -> announcement.blocks().stream().allMatch(BlockVersion::isWhole))
        .extracting(Announcement::modelVersion)
        .as("the first, every fourth version and the last are whole")
        .contains(0L, 4L, 8L, (long) RecordedUpdates.ROUNDS)
        .doesNotContain(1L, 2L, 3L, 5L, 6L, 7L);
    assertThat(straight.deltaBytes())
        .as("ten rounds of changes against four whole versions")
        .isLessThan(straight.wholeBytes() / 10);
  }

  @Test
  void jobWithoutStateGoesOnFromAVersionThatIsNotWhole() throws Exception {
    stage.begin();
    try (Participants participants = stage.participants(23)) {
      stage.cluster().submit(config(), Run.PLAIN);
      participants.play(3, Stage.PATIENCE);
      Announcement last = participants.newest();
      assertThat(last.blocks()).noneMatch(BlockVersion::isWhole);
      stage.cluster().cancel();

      stage.cluster().submit(config(), Run.PLAIN.at(2));
      Announcement again =
          participants.watch(
              "a new incarnation",
              Stage.PATIENCE,
              announcement -> announcement.incarnation() == 2 && announcement.plan() != null);

      assertThat(again.blocks()).allMatch(BlockVersion::isWhole);
      assertThat(again.blocks())
          .extracting(BlockVersion::version, BlockVersion::digest)
          .isEqualTo(
              last.blocks().stream().map(block -> tuple(block.version(), block.digest())).toList());
      participants.play(RecordedUpdates.ROUNDS, Stage.PATIENCE);
      stage.cluster().cancel();
    }
    PublishedVersions published = PublishedVersions.read(stage.federation());
    assertThat(published.announcements().get(published.announcements().size() - 1))
        .satisfies(
            end -> {
              assertThat(end.modelVersion()).isEqualTo(RecordedUpdates.ROUNDS);
              assertThat(end.state()).isEqualTo(Announcement.State.FINISHED);
              assertThat(end.blocks()).allMatch(BlockVersion::isWhole);
            });
  }

  private static FederationConfig config() throws Exception {
    return stage
        .federation()
        .config(
            "round.limit=" + RecordedUpdates.ROUNDS,
            "downlink.preset=top-k(0.02)",
            "downlink.snapshot-every=4");
  }
}
