// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code anabranch size} without a broker. */
class SizeCommandTest {

  private static final int WRONG_USAGE = 2;
  private static final Path PAGE = Path.of("..", "docs", "size.md");
  private static final String PROMPT = "./anabranch ";
  private static final String FENCE = "```\n";

  /** With {@code -Ddocs.write=true} the page is written anew. */
  @Test
  void workedExampleOfThePageIsWhatTheCommandPrints() throws IOException {
    String page = Files.readString(PAGE);
    int command = page.indexOf(PROMPT, page.indexOf("## Example"));
    int output = page.indexOf('\n', command) + 1;
    int end = page.indexOf(FENCE, output);

    CommandRun run =
        CommandRun.of(page.substring(command + PROMPT.length(), output).strip().split(" "));

    assertThat(run.exitCode()).as(run.err()).isZero();
    String printed = "\n" + run.out().stripTrailing() + "\n";
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page.substring(0, output) + printed + page.substring(end));
    } else {
      assertThat(page.substring(output, end)).isEqualTo(printed);
    }
  }

  @Test
  void lastLineIsOneObjectWithEveryFigure() throws IOException {
    JsonNode figures = json("--parameters 1000000 --blocks 4 --cohort 8 --clients 100");

    assertThat(figures.path("parameters").asLong()).isEqualTo(1_000_000);
    assertThat(figures.path("blocks").asInt()).isEqualTo(4);
    assertThat(figures.path("drawnClients").asInt()).isEqualTo(8);
    assertThat(figures.path("payloadBytes").asLong()).isEqualTo(4_000_000);
    assertThat(figures.size()).isGreaterThan(50);
    for (JsonNode figure : figures) {
      assertThat(figure.isNumber()).isTrue();
    }
  }

  @Test
  void networksAreNamedAsModelInitNamesThem() throws IOException {
    assertThat(json("--model mlp").path("parameters").asLong())
        .isEqualTo(784 * 64 + 64 + 64 * 10 + 10);
    assertThat(json("--model mlp --model-setting hidden=128").path("parameters").asLong())
        .isEqualTo(784 * 128 + 128 + 128 * 10 + 10);
    assertThat(json("--dataset hospital").path("parameters").asLong()).isPositive();
  }

  @Test
  void oneBlockARoundMovesAndSumsOneBlock() throws IOException {
    JsonNode whole = json("--parameters 8000000 --blocks 8");
    JsonNode blockwise = json("--parameters 8000000 --blocks 8 --set schedule.blocks=round-robin");

    for (String key : List.of("payloadBytes", "heapSumsBytes", "updateMostBytes")) {
      assertThat(8 * blockwise.path(key).asLong()).as(key).isEqualTo(whole.path(key).asLong());
    }
    assertThat(blockwise.path("modelRestBytes")).isEqualTo(whole.path("modelRestBytes"));
  }

  @Test
  void changesOfVersionsTakeALogAndLeaveAResidual() throws IOException {
    JsonNode whole = json("--parameters 1000000");
    JsonNode changes = json("--parameters 1000000 --set downlink.preset=top-k(0.01)");
    JsonNode exact = json("--parameters 1000000 --set downlink.preset=dense-f32");

    // 10,000 values of 4 bytes and positions of about 1 byte.
    assertThat(changes.path("changesBytes").asLong()).isBetween(49_000L, 53_000L);
    assertThat(changes.path("versionBytes")).isEqualTo(whole.path("versionBytes"));
    assertThat(changes.path("publishedBytes").asLong())
        .isCloseTo(
            changes.path("changesBytes").asLong() + whole.path("versionBytes").asLong() / 10,
            withPercentage(1));
    assertThat(changes.path("downToOneBytes").asLong())
        .isEqualTo(
            changes.path("changesBytes").asLong() + changes.path("announcementBytes").asLong());
    // 7 days at a round in 2 minutes.
    assertThat(changes.path("deltasRestBytes").asLong())
        .isEqualTo(7 * 720 * changes.path("changesBytes").asLong());
    assertThat(changes.path("brokerDiskBytes").asLong())
        .isGreaterThan(whole.path("brokerDiskBytes").asLong());
    assertThat(changes.path("checkpointIdleBytes").asLong())
        .isBetween(
            whole.path("checkpointIdleBytes").asLong() + 4_000_000,
            whole.path("checkpointIdleBytes").asLong() + 4_001_000);
    assertThat(changes.path("heapResidualBytes").asLong()).isEqualTo(2 * 4_000_000);
    assertThat(exact.path("heapResidualBytes").asLong()).isZero();
    assertThat(whole.has("changesBytes")).isFalse();
  }

  @Test
  void fewRoundsADayPublishEveryVersionWhole() throws IOException {
    String settings = "--parameters 1000000 --set downlink.preset=top-k(0.01)";

    assertThat(json(settings + " --rounds-a-day 1").path("versionsToWhole").asLong()).isEqualTo(4);
    assertThat(json(settings + " --rounds-a-day 0.1").path("versionsToWhole").asLong()).isOne();
    assertThat(json(settings + " --rounds-a-day 1000").path("versionsToWhole").asLong())
        .isEqualTo(10);
  }

  @Test
  void movementOfBlocksIsKeptForAWindow() throws IOException {
    String stages = "--parameters 1000000 --blocks 4 --set schedule.blocks=";
    JsonNode sequential = json(stages + "sequential");
    JsonNode freeze = json(stages + "freeze --set schedule.freeze.window=5");

    // 10,000 of each block, in 6 versions.
    long samples = 4L * 6 * 4 * 10_000;
    assertThat(freeze.path("heapMovementBytes").asLong()).isEqualTo(samples);
    assertThat(freeze.path("checkpointMovementBytes").asLong()).isBetween(samples, samples + 1_000);
    assertThat(
            freeze.path("checkpointIdleBytes").asLong()
                - sequential.path("checkpointIdleBytes").asLong())
        .isEqualTo(freeze.path("checkpointMovementBytes").asLong());
    assertThat(sequential.has("heapMovementBytes")).isFalse();
  }

  @Test
  void holdBudgetClampsTheCohortAsTheJobWould() throws IOException {
    String settings = "--parameters 1000000 --set round.quorum=2 --set hold.budget=20mb";

    assertThat(json(settings + " --cohort 10").path("drawnClients").asInt()).isEqualTo(5);
    assertThat(run(settings + " --cohort 10").out()).contains("clamped from 10 to 5");
  }

  @Test
  void moreSlotsThanSegmentsAreNotRecommended() {
    CommandRun run = run("--parameters 200000 --round-time 1 --slot-rate 100kb");

    assertThat(run.out())
        .containsPattern("slots +2 ")
        .contains("the updates of a round take longer than a round");
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        arguments("", "Missing required"),
        arguments("--model mlp --parameters 5", "mutually exclusive"),
        arguments("--model alexnet", "'alexnet' is not known here, choose one of"),
        arguments("--parameters 0", "0 parameters cannot make 1 blocks"),
        arguments("--parameters 5 --blocks 6", "5 parameters cannot make 6 blocks"),
        arguments("--parameters 5 --blocks 0", "at least one block"),
        arguments("--parameters 3000000000", "divide them into at least 2 blocks"),
        arguments("--parameters x", "'x' is not a long"),
        arguments("--blocks 2", "--parameters"),
        arguments("--model mlp --clients 9", "cohort.min-available = 10 clients and there are 9"),
        arguments("--model mlp --rounds-a-day 200000", "at most 172,800 rounds a day"),
        arguments("--model mlp --rounds-a-day 0", "--rounds-a-day must be above 0"),
        arguments("--model mlp --round-time 0.1", "a round cannot take 0.1 s"),
        arguments("--model mlp --round-time NaN", "--round-time must be above 0"),
        arguments("--model mlp --rounds-a-day 5 --round-time 9", "give one of them"),
        arguments("--model mlp --id-length 129", "--id-length must be from 1 to 128"),
        arguments("--model mlp --slot-rate fast", "'fast' is not a number and a unit"),
        arguments("--model mlp --slot-rate 0b", "--slot-rate must be above 0"),
        arguments("--model mlp --cohort 90000", "a plan has room for 20000 clients"),
        arguments(
            "--parameters 1000000 --set hold.budget=20mb",
            "hold.budget of 20,971,520 bytes holds 5 updates of 4,000,000 bytes and round.quorum"
                + " needs 10"));
  }

  @Test
  void publishedModelNeedsAFederation() {
    CommandRun run = run("--published");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("federation.yaml");
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void impossibleIsRefusedWithAWayOut(String arguments, String expected) {
    CommandRun run = run(arguments);

    assertThat(run.err()).contains(expected).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(WRONG_USAGE);
  }

  private static JsonNode json(String arguments) throws IOException {
    CommandRun run = run(arguments + " --json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> lines = run.out().lines().toList();
    return new ObjectMapper().readTree(lines.get(lines.size() - 1));
  }

  private static CommandRun run(String arguments) {
    return CommandRun.of(("size " + arguments).strip().split(" "));
  }
}
