// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModelMemoryCommandsTest {

  @Test
  void profileAccountsForTheWholeNetworkAndEachStage() throws IOException {
    CommandRun run =
        CommandRun.of(
            "model",
            "profile",
            "--model",
            "resnet-34",
            "--cuts",
            "3,7,13",
            "--batch",
            "128",
            "--no-measure",
            "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("peak accounted   5")
        .containsPattern("cohort\\.required-memory: \\d+mb,\\d+mb,\\d+mb,\\d+mb\n");
    JsonNode rows = lastLine(run);
    assertThat(rows).hasSize(5);
    assertThat(rows.get(0).get("measuredBytes").isNull()).isTrue();
    assertThat(rows.get(0).get("activationBytes").asLong() / 128.0 / (1 << 20))
        .isBetween(7.52, 7.67);
  }

  @Test
  void proximalTermTakesTheReceivedValuesOfWhatIsTrained() throws IOException {
    String[] profile = {
      "model", "profile", "--model", "resnet", "--cuts", "4", "--no-measure", "--json"
    };
    JsonNode without = lastLine(CommandRun.of(profile));
    JsonNode with = lastLine(CommandRun.of(and(profile, "--proximal", "0.1")));

    for (int row = 0; row < with.size(); row++) {
      long trained = without.get(row).get("gradientBytes").asLong();
      for (String figure : List.of("optimizerBytes", "accountedBytes", "expectedBytes")) {
        assertThat(with.get(row).get(figure).asLong())
            .isEqualTo(without.get(row).get(figure).asLong() + trained);
      }
    }

    String[] plan = {
      "model", "plan", "--model", "resnet", "--memory", "2gb", "--no-curriculum", "--json"
    };
    long needWithout = lastLine(CommandRun.of(plan)).get("greatestNeedBytes").asLong();
    long needWith =
        lastLine(CommandRun.of(and(plan, "--proximal", "0.1"))).get("greatestNeedBytes").asLong();
    assertThat(needWith).isEqualTo(needWithout + without.get(0).get("gradientBytes").asLong());
  }

  @Test
  void proximalWeightBelowZeroIsRefused() {
    CommandRun run =
        CommandRun.of("model", "profile", "--model", "resnet", "--proximal", "-1", "--no-measure");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--proximal must be a number from 0, not -1.0");
  }

  @Test
  void profileMeasuresWhatAProcessHasResident() throws IOException {
    CommandRun run =
        CommandRun.of(
            "model",
            "profile",
            "--model",
            "resnet",
            "--cuts",
            "4",
            "--batch",
            "64",
            "--repeat",
            "1",
            "--steps",
            "1",
            "--json");

    assertThat(run.exitCode()).isZero();
    JsonNode whole = lastLine(run).get(0);
    // What is accounted for must be there, and the libraries take less than 100 MB more.
    assertThat(whole.get("measuredBytes").asLong())
        .isBetween(
            whole.get("accountedBytes").asLong(),
            whole.get("accountedBytes").asLong() + 100_000_000);
    assertThat(whole.get("stepSeconds").asDouble()).isPositive();
  }

  @Test
  void planPrintsCutsWithWhichEveryStageFits() throws IOException {
    CommandRun run =
        CommandRun.of(
            "model",
            "plan",
            "--model",
            "resnet-34",
            "--batch",
            "128",
            "--memory",
            "700mb",
            "--json");

    assertThat(run.exitCode()).isZero();
    JsonNode plan = lastLine(run);
    assertThat(plan.get("cuts")).isNotEmpty();
    assertThat(plan.get("expectedBytes")).allMatch(need -> need.asLong() <= 700 << 20);
    assertThat(run.out()).contains("--model-setting cuts=");
  }

  @Test
  void planSaysWhatTheLeastNeedIsWhereNothingFits() {
    CommandRun run =
        CommandRun.of(
            "model", "plan", "--model", "resnet-34", "--batch", "128", "--memory", "90mb");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("no cuts of resnet-34 fit into 90")
        .containsPattern("the least need is \\d+\\.\\d MiB");
  }

  @Test
  void planRefusesNetworksWithoutCuts() {
    CommandRun run = CommandRun.of("model", "plan", "--model", "mlp", "--memory", "90mb");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("mlp has no cuts");
  }

  private static String[] and(String[] arguments, String... more) {
    return Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private static JsonNode lastLine(CommandRun run) throws IOException {
    String[] lines = run.out().strip().split("\n");
    return new ObjectMapper().readTree(lines[lines.length - 1]);
  }
}
