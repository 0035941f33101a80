// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.client.data.IidPartition;
import anabranch.client.model.Architecture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartITCase {

  private static final int ROUNDS = 3;

  @TempDir Path directory;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void trainsOnRealImagesWhileTheWebUiShowsTheJob() throws Exception {
    int webPort = freePort();
    CompletableFuture<Double> accuracy = CompletableFuture.supplyAsync(() -> run(webPort));

    String overview = "";
    while (!overview.contains("RUNNING") && !accuracy.isDone()) {
      overview = overview(webPort);
      Thread.sleep(100);
    }

    assertThat(accuracy.get()).isGreaterThan(0.4);
    assertThat(overview).contains("anabranch: quickstart", "RUNNING");
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("web UI   http://localhost:" + webPort)
        .containsPattern("(?m)^ +3 +0-1 +2/2 ")
        .contains("records: 6 received = 6 folded + 0 late")
        .contains("on 10,000 test images, mean of the last 3 versions");
  }

  @Test
  void takenPortIsNamedBeforeAnythingStarts() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Quickstart quickstart = quickstart(taken.getLocalPort());

      assertThatThrownBy(quickstart::run)
          .hasMessage(
              "port %d for the web UI is taken: end what uses it, or choose another by --web-port",
              taken.getLocalPort());
      assertThat(printed.size()).isZero();
    }
  }

  private double run(int webPort) {
    try {
      return quickstart(webPort).run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Quickstart quickstart(int webPort) {
    QuickstartSettings settings =
        new QuickstartSettings(
            4,
            2,
            ROUNDS,
            new IidPartition(),
            Architecture.named("mlp"),
            1,
            0.05,
            "dense-f32",
            1,
            webPort,
            0,
            1,
            false,
            directory);
    return new Quickstart(settings, new PrintStream(printed, true, StandardCharsets.UTF_8));
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
