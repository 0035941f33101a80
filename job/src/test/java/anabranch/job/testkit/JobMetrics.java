// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** A job as the web UI shows it. */
public final class JobMetrics {

  private static final String GROUP = ".fl.";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final URI job;

  public JobMetrics(JobCluster cluster) {
    job = cluster.rest().resolve("/jobs/" + cluster.job());
  }

  /** Names of the vertices. */
  public List<String> vertices() throws Exception {
    List<String> names = new ArrayList<>();
    get("").path("vertices").forEach(vertex -> names.add(vertex.path("name").asText()));
    return names;
  }

  /** Names of an operator's gauges in the group {@code fl}. */
  public TreeSet<String> names(String operator) throws Exception {
    TreeSet<String> names = new TreeSet<>();
    String prefix = "0." + operator.replace(' ', '_') + GROUP;
    for (JsonNode metric : get("/vertices/" + vertex(operator) + "/metrics")) {
      String id = metric.path("id").asText();
      if (id.startsWith(prefix)) {
        names.add(id.substring(prefix.length()));
      }
    }
    return names;
  }

  /** The gauges of the first subtask of an operator. */
  public TreeMap<String, Double> values(String operator) throws Exception {
    TreeMap<String, Double> values = new TreeMap<>();
    String prefix = "0." + operator.replace(' ', '_') + GROUP;
    List<String> ids = names(operator).stream().map(name -> prefix + name).toList();
    if (!ids.isEmpty()) {
      String wanted = "?get=" + String.join(",", ids);
      for (JsonNode metric : get("/vertices/" + vertex(operator) + "/metrics" + wanted)) {
        values.put(
            metric.path("id").asText().substring(prefix.length()), metric.path("value").asDouble());
      }
    }
    return values;
  }

  private String vertex(String operator) throws Exception {
    for (JsonNode vertex : get("").path("vertices")) {
      if (vertex.path("name").asText().contains(operator)) {
        return vertex.path("id").asText();
      }
    }
    throw new IllegalArgumentException("no vertex of the job has an operator " + operator);
  }

  private JsonNode get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(job + path)).build();
    return json.readTree(http.send(request, BodyHandlers.ofString()).body());
  }
}
