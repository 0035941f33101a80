// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentCommandTest {

  @TempDir Path folder;

  private CommandRun compression(String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "experiment";
    all[1] = "compression";
    all[2] = "--out";
    all[3] = folder.resolve("results").toString();
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return CommandRun.of(all);
  }

  @Test
  void unknownPresetIsRefusedBeforeTheFirstRun() {
    CommandRun run = compression("--preset", "fedavg,zip(9)", "--seed", "1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("preset 'zip(9)' is not sound", "encoding.preset");
    assertThat(folder.resolve("results")).doesNotExist();
  }

  @Test
  void commaInParenthesesBelongsToThePreset() {
    CommandRun run = compression("--preset", "fedavg,top-k(2, f16)", "--seed", "1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("preset 'top-k(2, f16)' is not sound");
  }

  @Test
  void unknownSplitIsRefused() {
    CommandRun run = compression("--preset", "fedavg", "--partition", "halves");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("partition 'halves' is none of iid, shard(N)");
  }

  @Test
  void modesExcludeEachOther() {
    CommandRun run = compression("--quick", "--tune");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("mutually exclusive");
  }

  @Test
  void reportWithoutRunsWritesNothing() {
    assertThat(compression("--report").exitCode()).isZero();
    assertThat(folder.resolve("results")).doesNotExist();
  }

  @Test
  void unknownMethodIsRefusedWithTheKnownOnes() {
    CommandRun run = CommandRun.of("experiment", "scalefl", "--method", "fedavg");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("method 'fedavg' is not known", "fedavg-unlimited", "ablation-no-tail");
  }

  @Test
  void hundredClientsNeedAllTrainingImages() throws Exception {
    Path shipped = Path.of("../client/src/main/resources/anabranch/client/data/fashion-mnist");
    CommandRun run =
        CommandRun.of("experiment", "scalefl", "--seed", "1", "--data", shipped.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("here are 12,000", "dataset-fashion-mnist", "--data");
  }
}
