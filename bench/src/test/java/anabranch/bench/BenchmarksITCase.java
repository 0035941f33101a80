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
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The benchmarks at sizes that say nothing about speed: they run, and tell what they promise. */
class BenchmarksITCase {

  private static final int MANY_PARTS = 600_000;
  private static final int FEW_PARAMETERS = 1_000;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  @Test
  void pipelineTellsThroughputBesideABareConsumerAndMemory() throws Exception {
    PipelineBenchmark benchmark = new PipelineBenchmark(out);
    PipelineSettings settings =
        new PipelineSettings(
            MANY_PARTS,
            2,
            Codec.STC,
            PartsOrder.RANDOM,
            2,
            "rocksdb",
            1,
            "64mb",
            List.of("checkpoint.interval=200ms"),
            cluster(2));
    benchmark.throughput(settings);
    benchmark.memory(settings, FEW_PARAMETERS);

    JsonNode figures = new ObjectMapper().readTree(benchmark.json());
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
    RoundBenchmark benchmark = new RoundBenchmark(out);
    benchmark.run(
        RoundCase.parse("2x100"),
        new RoundSettings(2, 1, "hashmap", List.of("checkpoint.interval=200ms"), cluster(1)));

    JsonNode figures = new ObjectMapper().readTree(benchmark.json()).path("cases").path(0);
    assertThat(figures.path("clients").asInt()).isEqualTo(2);
    assertThat(figures.path("parameters").asInt()).isEqualTo(100);
    assertThat(figures.path("rounds").asInt()).isEqualTo(2);
    assertThat(figures.path("minSeconds").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(figures.path("medianSeconds").asDouble());
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("sealed");
  }

  private static ClusterSettings cluster(int slots) {
    return new ClusterSettings(slots, 512, 64, List.of("-XX:+UseSerialGC"), Map.of());
  }
}
