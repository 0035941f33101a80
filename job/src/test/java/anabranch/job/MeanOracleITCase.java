// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.testkit.JobCluster.Run;
import anabranch.job.testkit.MeanOracle;
import anabranch.job.testkit.PublishedVersions;
import anabranch.job.testkit.RecordedUpdates;
import anabranch.job.testkit.Stage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeanOracleITCase {

  /** The default of {@code model.max-exponent}. */
  private static final int MAX_EXPONENT = 16;

  /** Ten rounds see ten elevenths of all elements. */
  private static final int STRIDE = 11;

  @TempDir Path directory;

  @Test
  void everyPublishedMeanIsWithinTheSchemesBound() throws Exception {
    try (Stage stage = Stage.open(directory)) {
      PublishedVersions published = stage.playTenRounds(8, Run.PLAIN.at(2));
      MeanOracle oracle = new MeanOracle(stage.federation().model(), Stage.UPDATES, MAX_EXPONENT);
      assertThat(oracle.bound()).isLessThan(1e-9);
      int checked = 0;
      for (int round = 1; round <= RecordedUpdates.ROUNDS; round++) {
        checked += oracle.check(published, round, round, STRIDE);
      }
      assertThat(checked).isGreaterThan(300_000);
    }
  }
}
