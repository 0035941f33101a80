// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import anabranch.job.testkit.Await;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Flink's REST API.
 *
 * @param address of the JobManager
 */
record FlinkRest(URI address) {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration ANSWER_PATIENCE = Duration.ofMinutes(1);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String BOUNDARY = "a-jar-follows";

  /** TaskManagers that the JobManager knows, or -1 while it does not answer. */
  int taskManagers() throws Exception {
    try {
      return get("/overview").path("taskmanagers").asInt(-1);
    } catch (IOException e) {
      return -1;
    }
  }

  /** Uploads a jar and returns its id. */
  String upload(Path jar) throws Exception {
    byte[] head =
        ("--%s\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"%s\"\r\n"
                + "Content-Type: application/x-java-archive\r\n\r\n")
            .formatted(BOUNDARY, jar.getFileName())
            .getBytes(StandardCharsets.UTF_8);
    byte[] tail = "\r\n--%s--\r\n".formatted(BOUNDARY).getBytes(StandardCharsets.UTF_8);
    JsonNode answer =
        send(
            request("/jars/upload")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofByteArrays(List.of(head, Files.readAllBytes(jar), tail)))
                .build());
    return Path.of(answer.path("filename").asText()).getFileName().toString();
  }

  /**
   * Runs an uploaded jar.
   *
   * @return the job's id
   */
  String run(String jar, int parallelism, List<String> arguments) throws Exception {
    return post(
            "/jars/" + jar + "/run",
            Map.of("parallelism", parallelism, "programArgsList", arguments))
        .path("jobid")
        .asText();
  }

  /** Where a job is, {@code RUNNING} or other words; empty when it is not known. */
  private String status(String job) throws Exception {
    // The job's own page would be up to 3 seconds old (web.refresh-interval).
    return get("/jobs/" + job + "/status").path("status").asText();
  }

  /** Ends a job without a savepoint and waits for its end. */
  void cancel(String job) throws Exception {
    send(request("/jobs/" + job + "?mode=cancel").method("PATCH", BodyPublishers.noBody()).build());
    Await.until(
        () -> "job %s is canceled".formatted(job), PATIENCE, () -> "CANCELED".equals(status(job)));
  }

  /** Ends a job and returns its savepoint. */
  String stopWithSavepoint(String job) throws Exception {
    String trigger =
        post("/jobs/" + job + "/stop", Map.of("drain", false)).path("request-id").asText();
    String[] location = new String[1];
    Await.until(
        () -> "job %s has its savepoint".formatted(job),
        PATIENCE,
        () -> {
          JsonNode answer = get("/jobs/" + job + "/savepoints/" + trigger);
          if (answer.at("/operation/failure-cause").isObject()) {
            throw new AssertionError(answer.at("/operation/failure-cause/stack-trace").asText());
          }
          location[0] = answer.at("/operation/location").asText("");
          return !location[0].isEmpty();
        });
    Await.until(
        () -> "job %s is finished".formatted(job), PATIENCE, () -> "FINISHED".equals(status(job)));
    return location[0];
  }

  /** How often the parts of a job were started: the most of all, 1 for a job without a fault. */
  int attempts(String job) throws Exception {
    int most = 0;
    for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
      for (JsonNode subtask :
          get("/jobs/%s/vertices/%s".formatted(job, vertex.path("id").asText())).path("subtasks")) {
        most = Math.max(most, subtask.path("attempt").asInt() + 1);
      }
    }
    return most;
  }

  /** A gauge of the coordinator, empty while it is not known. */
  OptionalLong coordinator(String job, String gauge) throws Exception {
    for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
      if (vertex.path("name").asText().contains("coordinate rounds")) {
        OptionalDouble value =
            metric(
                "/jobs/%s/vertices/%s/metrics".formatted(job, vertex.path("id").asText()),
                "0.coordinate_rounds.fl." + gauge);
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of((long) value.getAsDouble());
      }
    }
    return OptionalLong.empty();
  }

  private OptionalDouble metric(String path, String name) throws Exception {
    JsonNode answer = get(path + "?get=" + name);
    return answer.isArray() && !answer.isEmpty()
        ? OptionalDouble.of(answer.get(0).path("value").asDouble())
        : OptionalDouble.empty();
  }

  private JsonNode get(String path) throws Exception {
    return JSON.readTree(exchange(request(path).build()).body());
  }

  private JsonNode post(String path, Map<String, ?> body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build());
  }

  private JsonNode send(HttpRequest request) throws Exception {
    HttpResponse<String> answer = exchange(request);
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(
          "%s: %d %s".formatted(request.uri(), answer.statusCode(), answer.body()));
    }
    return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
  }

  private static HttpResponse<String> exchange(HttpRequest request) throws Exception {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      // Java's own messages, where there is one, do not say which request it was.
      throw new IOException("%s %s: %s".formatted(request.method(), request.uri(), e), e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path)).timeout(ANSWER_PATIENCE);
  }
}
