// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels in JVMs of their own, as the command measures them, for a moment each. */
class KernelBenchmarkITCase {

  private static final KernelEffort MOMENT = new KernelEffort(1, 0, 1, 1, false);

  @Test
  void figuresAreWrittenUnderTheDocumentedKeys(@TempDir Path folder) throws Exception {
    KernelBenchmark benchmark =
        new KernelBenchmark(
            MOMENT, new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    benchmark.measureFolds();
    Path file = folder.resolve("new").resolve("kernels.json");
    benchmark.write(file);

    JsonNode figures = new ObjectMapper().readTree(file.toFile());
    assertThat(figures).hasSize(6);
    for (JsonNode figure : figures) {
      assertThat(figure.fieldNames())
          .toIterable()
          .containsExactly("kernel", "subject", "unit", "nanoseconds", "low", "high", "ratio");
      assertThat(figure.path("nanoseconds").asDouble())
          .isPositive()
          .isBetween(figure.path("low").asDouble(), figure.path("high").asDouble());
      assertThat(figure.path("ratio").asDouble()).isPositive();
    }
  }
}
