// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.config.FederationConfig;
import anabranch.job.testkit.JobCluster.Run;
import anabranch.job.testkit.Participants;
import anabranch.job.testkit.PublishedVersions;
import anabranch.job.testkit.Stage;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state that is older than what stands on the topics. */
class RestoredStateITCase {

  @TempDir Path directory;

  @Test
  void oldStateIsRefusedUnlessItIsToBeRolledBackTo() throws Exception {
    try (Stage stage = Stage.open(directory)) {
      stage.begin();
      FederationConfig config = stage.federation().config();
      try (Participants participants = stage.participants(13)) {
        stage.cluster().submit(config, Run.PLAIN);
        participants.play(2, Stage.PATIENCE);
        Announcement old = participants.newest();
        Run fromOld = Run.PLAIN.from(stage.cluster().stopWithSavepoint());
        stage.cluster().submit(config, fromOld);
        participants.play(4, Stage.PATIENCE);
        stage.cluster().cancel();

        stage.cluster().submitOnly(config, fromOld);
        assertThat(stage.cluster().failure())
            .hasStackTraceContaining("the state is older than the topic")
            .hasStackTraceContaining("--rollback");

        stage.cluster().submit(config, fromOld.rollingBack());
        Announcement back =
            participants.watch(
                "the rollback", Stage.PATIENCE, a -> a.incarnation() == 2 && a.plan() != null);
        assertThat(back.modelVersion()).isEqualTo(2);
        assertThat(back.blocks())
            .extracting(BlockVersion::digest)
            .isEqualTo(old.blocks().stream().map(BlockVersion::digest).toList());
        participants.play(5, Stage.PATIENCE);
        stage.cluster().cancel();
      }
      PublishedVersions published = PublishedVersions.read(stage.federation());
      assertThat(published.announcements()).extracting(Announcement::sequence).isSorted();
      assertThat(published.announcements()).extracting(a -> a.blocks().get(0).version()).isSorted();
    }
  }
}
