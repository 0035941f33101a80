// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The few calls of Flink's REST API that are needed here.
 *
 * @param address of the JobManager, without a path
 */
record FlinkRest(URI address) {

  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** An upload, and the answer to a submission, which waits for the job's main method. */
  private static final Duration LONG_PATIENCE = Duration.ofMinutes(3);

  private static final String BOUNDARY = "anabranch-job-jar";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(CONNECT_PATIENCE).build();

  /**
   * What stands under a path.
   *
   * @throws IOException if nothing answers, or not with what was asked for; the message says what
   */
  JsonNode get(String path) throws IOException {
    return send(request(path, PATIENCE).GET());
  }

  /** Uploads a jar and returns its id. */
  String upload(Path jar) throws IOException {
    String head =
        "--%s\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"%s\"\r\n"
                .formatted(BOUNDARY, jar.getFileName())
            + "Content-Type: application/x-java-archive\r\n\r\n";
    BodyPublisher body =
        BodyPublishers.concat(
            BodyPublishers.ofString(head),
            BodyPublishers.ofFile(jar),
            BodyPublishers.ofString("\r\n--%s--\r\n".formatted(BOUNDARY)));
    JsonNode answer =
        send(
            request("/jars/upload", LONG_PATIENCE)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(body));
    String stored = answer.path("filename").asText();
    return stored.substring(stored.lastIndexOf('/') + 1);
  }

  /** Runs a class of an uploaded jar and returns the job's id. */
  String run(String jar, String entryClass, int parallelism, List<String> arguments)
      throws IOException {
    Map<String, Object> body =
        Map.of("entryClass", entryClass, "parallelism", parallelism, "programArgsList", arguments);
    return send(request("/jars/" + jar + "/run", LONG_PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))))
        .path("jobid")
        .asText();
  }

  /** Removes an uploaded jar. */
  void delete(String jar) throws IOException {
    send(request("/jars/" + jar, PATIENCE).DELETE());
  }

  /** Asks for the end of a job. */
  void cancel(String job) throws IOException {
    send(
        request("/jobs/" + job + "?mode=cancel", PATIENCE)
            .method("PATCH", BodyPublishers.noBody()));
  }

  private HttpRequest.Builder request(String path, Duration patience) {
    return HttpRequest.newBuilder(URI.create(address + path)).timeout(patience);
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException {
    HttpResponse<String> answer;
    try {
      answer = HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw new IOException("nothing answers at " + address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while asking " + address);
    }
    JsonNode content;
    try {
      content = JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
    } catch (JsonProcessingException e) {
      throw new IOException("what answers at %s is not Flink".formatted(address), e);
    }
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("Flink answers %d: %s".formatted(answer.statusCode(), cause(content)));
    }
    return content;
  }

  /** What is behind an error: Flink sends a whole stack trace, and the last cause says most. */
  private static String cause(JsonNode content) {
    StringBuilder all = new StringBuilder();
    content.path("errors").forEach(error -> all.append(error.asText()).append('\n'));
    return rootCause(all.toString());
  }

  /** The message of the last cause in a stack trace, or the first line where there is none. */
  static String rootCause(String trace) {
    String first = trace.lines().filter(line -> !line.isBlank()).findFirst().orElse("no reason");
    return trace
        .lines()
        .filter(line -> line.startsWith("Caused by: "))
        .reduce((earlier, later) -> later)
        .map(line -> line.substring("Caused by: ".length()))
        .orElse(first);
  }
}
