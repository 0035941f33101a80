// SPDX-License-Identifier: Apache-2.0
package anabranch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.bench.pipeline.PartsOrder;
import anabranch.bench.pipeline.PipelineBenchmark;
import anabranch.bench.pipeline.PipelineSettings;
import anabranch.bench.round.RoundBenchmark;
import anabranch.bench.round.RoundCase;
import anabranch.bench.round.RoundSettings;
import anabranch.bench.testbed.ClusterSettings;
import anabranch.bench.testbed.Codec;
import anabranch.bench.testbed.Testbed;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The benchmarks on processes of their own, at sizes that say nothing about speed: they run, and
 * tell what they promise.
 */
class BenchmarksITCase {

  private static final int MANY_PARTS = 600_000;
  private static final int FEW_PARAMETERS = 1_000;
  private static final List<String> SHORT_ROUNDS = List.of("checkpoint.interval=100ms");

  private static Testbed testbed;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  @BeforeAll
  static void startProcesses() throws Exception {
    testbed =
        Testbed.start(
            new ClusterSettings(
                2, 512, 64, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), Map.of()));
  }

  @AfterAll
  static void endProcesses() {
    testbed.close();
  }

  @Test
  void pipelineTellsThroughputBesideABareConsumerAndMemory() throws Exception {
    PipelineBenchmark benchmark = new PipelineBenchmark(testbed, out);
    PipelineSettings settings =
        new PipelineSettings(
            MANY_PARTS, 2, Codec.STC, PartsOrder.RANDOM, 2, "rocksdb", 2, 1, "64mb", SHORT_ROUNDS);
    benchmark.throughput(settings);
    benchmark.memory(settings, FEW_PARAMETERS);

    JsonNode figures = new ObjectMapper().readTree(benchmark.json());
    assertThat(figures.fieldNames())
        .toIterable()
        .containsExactly(
            "drainBytesPerSecond",
            "jobBytesPerSecond",
            "ratio",
            "parametersPerSecond",
            "cpuSecondsPerGigabyte",
            "peakRssBytes",
            "heldBytes");
    assertThat(figures.path("drainBytesPerSecond").asDouble()).isPositive();
    assertThat(figures.path("jobBytesPerSecond").asDouble()).isPositive();
    assertThat(figures.path("ratio").asDouble()).isPositive();
    assertThat(figures.path("cpuSecondsPerGigabyte").asDouble()).isPositive();
    // A hundredth of the elements at a byte or two each: some 30 parameters a byte.
    assertThat(figures.path("parametersPerSecond").asDouble())
        .isGreaterThan(10 * figures.path("jobBytesPerSecond").asDouble());
    for (String clients : List.of("10", "100")) {
      assertThat(figures.path("peakRssBytes").path(clients).asLong()).isGreaterThan(100_000_000);
      assertThat(figures.path("heldBytes").path(clients).isNumber()).isTrue();
    }
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("round 1", "100 clients");
  }

  @Test
  void roundsAreTimedFromPlanToPlan() throws Exception {
    RoundBenchmark benchmark = new RoundBenchmark(testbed, out);
    benchmark.run(RoundCase.parse("2x100"), new RoundSettings(2, 1, "hashmap", SHORT_ROUNDS));

    JsonNode figures = new ObjectMapper().readTree(benchmark.json()).path("cases").path(0);
    assertThat(figures.fieldNames())
        .toIterable()
        .containsExactly(
            "clients", "parameters", "rounds", "medianSeconds", "minSeconds", "maxSeconds");
    assertThat(figures.path("clients").asInt()).isEqualTo(2);
    assertThat(figures.path("parameters").asInt()).isEqualTo(100);
    assertThat(figures.path("rounds").asInt()).isEqualTo(2);
    assertThat(figures.path("minSeconds").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(figures.path("medianSeconds").asDouble());
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("sealed");
  }
}
