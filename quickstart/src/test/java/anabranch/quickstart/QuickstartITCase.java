// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.IidPartition;
import anabranch.client.data.Partition;
import anabranch.client.link.Bandwidth;
import anabranch.protocol.message.Ledger;
import anabranch.quickstart.display.Display;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartITCase {

  private static final int ROUNDS = 3;
  private static final int COHORT = 2;
  private static final long MLP_DENSE_BYTES = 4 * 50_890;

  @TempDir Path directory;
  @TempDir Path output;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final List<QuickstartResult> results = new ArrayList<>();

  @Test
  void trainsOnRealImagesAndLeavesModelReportAndNumbersThatAgree() throws Exception {
    int webPort = freePort();
    CompletableFuture<Void> run = CompletableFuture.runAsync(() -> run(webPort));
    String overview = "";
    while (!overview.contains("RUNNING") && !run.isDone()) {
      overview = overview(webPort);
      Thread.sleep(100);
    }
    get(run);

    assertThat(overview).contains("anabranch: quickstart", "RUNNING");
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("web UI   http://localhost:" + webPort)
        .containsPattern("(?m)^ +3 +0-1 +2/2 ")
        .contains("records  6 received = 6 folded + 0 late")
        .contains("on 10,000 test samples, mean of the last 3 versions");
    assertThat(results).hasSize(1);
    requireNumbers(results.get(0));
    requireJson(results.get(0), webPort);
    requireModel(output.resolve(Quickstart.MODEL_FILE), results.get(0).modelSha256());
    assertThat(output.resolve(Quickstart.REPORT_FILE))
        .content()
        .contains("6 received = 6 folded", "<svg");
  }

  private static void requireNumbers(QuickstartResult result) {
    assertThat(result.accuracy()).isBetween(0.4, 1.0);
    assertThat(result.rounds()).isEqualTo(ROUNDS);
    assertThat(result.firstRoundSeconds()).isPositive().isLessThanOrEqualTo(result.seconds());
    assertThat(result.updates()).isEqualTo(new Ledger(6, 6, 0, 0, 0, 0, 0, 0));
    assertThat(result.uplinkDenseBytes())
        .isCloseTo(ROUNDS * COHORT * MLP_DENSE_BYTES, Percentage.withPercentage(1));
    // Half the bytes of each value; what lies around them stays.
    assertThat(result.uplinkBytes())
        .isCloseTo(result.uplinkDenseBytes() / 2, Percentage.withPercentage(2));
    assertThat(result.downlinkBytes()).isGreaterThan(ROUNDS * COHORT * MLP_DENSE_BYTES);
  }

  private static void requireJson(QuickstartResult result, int webPort) throws IOException {
    JsonNode json = new ObjectMapper().readTree(result.json());

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "accuracy",
            "rounds",
            "seconds",
            "firstRoundSeconds",
            "uplinkBytes",
            "uplinkDenseBytes",
            "downlinkBytes",
            "updates",
            "modelSha256",
            "webUi");
    assertThat(json.get("updates").fieldNames())
        .toIterable()
        .containsExactly(
            "received", "folded", "late", "surplus", "duplicate", "rejected", "expired", "open");
    assertThat(json.get("accuracy").asDouble()).isEqualTo(result.accuracy(), within(0.0));
    assertThat(json.get("webUi").asText()).isEqualTo("http://localhost:" + webPort);
    assertThat(result.json()).doesNotContain("\n");
  }

  private static void requireModel(Path file, String sha256) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    JsonNode tensors = new ObjectMapper().readTree(bytes, Long.BYTES, header);

    assertThat(sha256)
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    assertThat(tensors.get("__metadata__").get("version").asText())
        .isEqualTo(Integer.toString(ROUNDS));
    assertThat(tensors.get("hidden1.weight").get("shape").toString()).isEqualTo("[64,784]");
    assertThat(bytes).hasSize(Long.BYTES + header + (int) MLP_DENSE_BYTES);
  }

  @Test
  void hospitalIsJudgedByItsAucBesideThatOfLocalTraining() throws Exception {
    run(
        DatasetCatalog.HOSPITAL,
        DatasetCatalog.HOSPITAL.defaults().partition(),
        DatasetCatalog.HOSPITAL.defaults().clients(),
        "mlp",
        false,
        "dense-f32",
        "none",
        freePort());

    QuickstartResult result = results.get(0);
    JsonNode json = new ObjectMapper().readTree(result.json());
    assertThat(json.get("auc").asDouble()).isEqualTo(result.auc(), within(0.0)).isBetween(0.5, 1.0);
    assertThat(json.get("localOnlyAuc").asDouble()).isBetween(0.4, 1.0);
    assertThat(result.updates().folded()).isEqualTo(ROUNDS * COHORT);
    assertThat(result.uplinkBytes()).isEqualTo(result.uplinkDenseBytes());
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("clients that each train alone reach");
  }

  @Test
  void blockwiseRoundsTellStageCurriculumAndWhoHasTheMemory() throws Exception {
    run(
        DatasetCatalog.FASHION_MNIST,
        new IidPartition(),
        40,
        null,
        true,
        "dense-f32",
        "none",
        freePort());

    String lines = printed.toString(StandardCharsets.UTF_8);
    // Round, stage, λ, γ, both dependences, eligible clients, memory, clients.
    String measured = " +0\\.\\d{3} +0\\.\\d{3} +\\d+ +\\d+\\.\\d MiB +\\d+ MiB +2/2 ";
    assertThat(lines)
        .containsPattern("(?m)^ +1 +1 +1\\.00 +0\\.10" + measured)
        .containsPattern("(?m)^ +2 +2 +0\\.70 +0\\.40" + measured)
        .containsPattern("(?m)^ +3 +3 +0\\.40 +0\\.70" + measured)
        .contains("records  6 received = 6 folded + 0 late");
  }

  @Test
  void versionsTravelAsChanges() throws Exception {
    run(
        DatasetCatalog.FASHION_MNIST,
        new IidPartition(),
        COHORT,
        "mlp",
        false,
        "dense-f32",
        "stc(1/100)",
        freePort());

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("encoding dense-f32, changes of versions stc(1/100)");
    // Whole versions take more than that, see above.
    assertThat(results.get(0).downlinkBytes())
        .isBetween(COHORT * MLP_DENSE_BYTES, ROUNDS * COHORT * MLP_DENSE_BYTES);
  }

  private void run(int webPort) {
    run(
        DatasetCatalog.FASHION_MNIST,
        new IidPartition(),
        4,
        "mlp",
        false,
        "dense-f16",
        "none",
        webPort);
  }

  private void run(
      DatasetCatalog dataset,
      Partition partition,
      int clients,
      String architecture,
      boolean scalefl,
      String encoding,
      String downlink,
      int webPort) {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    QuickstartSettings settings =
        new QuickstartSettings(
            clients,
            COHORT,
            ROUNDS,
            partition,
            dataset,
            null,
            architecture,
            scalefl,
            1,
            0.05,
            encoding,
            downlink,
            1,
            webPort,
            0,
            1,
            false,
            Bandwidth.UNLIMITED,
            false,
            directory,
            output);
    try (Display display = Display.plain(out)) {
      new Quickstart(settings, display).run(results::add);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void get(CompletableFuture<Void> run) throws Exception {
    try {
      run.get();
    } catch (ExecutionException e) {
      throw new AssertionError("the quickstart failed", e.getCause());
    }
  }

  private static String overview(int webPort) throws InterruptedException {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://localhost:%d/jobs/overview".formatted(webPort)))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "";
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
