// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.job.config.FederationConfig;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.CoreOptions;

/** The Flink cluster that is to run the job. */
final class FlinkSide {

  private final FederationConfig config;
  private final Optional<URI> address;
  private final Path jobJar;
  private final OptionalInt parallelism;
  private final Once<JsonNode> overview = new Once<>(() -> get("/overview"));
  private final Once<Map<String, String>> settings = new Once<>(this::askForSettings);
  private final Once<List<ProcessView>> processes = new Once<>(this::probe);

  FlinkSide(FederationConfig config, Optional<URI> address, Path jobJar, OptionalInt parallelism) {
    this.config = config;
    this.address = address;
    this.jobJar = jobJar;
    this.parallelism = parallelism;
  }

  /** Whether there is an address to ask. */
  boolean isGiven() {
    return address.isPresent();
  }

  /** Version, TaskManagers and slots. */
  JsonNode overview() throws NotCheckedException {
    return overview.get();
  }

  /** Slots that no job has. */
  int freeSlots() throws NotCheckedException {
    return overview().path("slots-available").asInt();
  }

  /** What stands under a path of the REST API. */
  JsonNode get(String path) throws NotCheckedException {
    try {
      return rest().get(path);
    } catch (IOException e) {
      throw new NotCheckedException(e.getMessage(), e);
    }
  }

  /** Where checkpoints go: the configuration's word counts before the cluster's. */
  Optional<String> checkpointFolder() throws NotCheckedException {
    if (config.checkpoint().directory().isPresent()) {
      return config.checkpoint().directory();
    }
    return Optional.ofNullable(
        settings.get().get(CheckpointingOptions.CHECKPOINTS_DIRECTORY.key()));
  }

  /** What the job is to run with. */
  int parallelism() throws NotCheckedException {
    String byDefault = settings.get().getOrDefault(CoreOptions.DEFAULT_PARALLELISM.key(), "1");
    return parallelism.orElse(Integer.parseInt(byDefault));
  }

  /**
   * The JobManager, first, and every TaskManager that has a free slot, as the probe job saw them.
   */
  List<ProcessView> processes() throws NotCheckedException {
    return processes.get();
  }

  /** TaskManagers, as REST lists them. */
  JsonNode taskManagers() throws NotCheckedException {
    return get("/taskmanagers").path("taskmanagers");
  }

  private FlinkRest rest() throws NotCheckedException {
    return new FlinkRest(
        address.orElseThrow(
            () -> new NotCheckedException("no address given: --flink http://HOST:8081")));
  }

  private Map<String, String> askForSettings() throws NotCheckedException {
    Map<String, String> found = new HashMap<>();
    get("/jobmanager/config")
        .forEach(entry -> found.put(entry.path("key").asText(), entry.path("value").asText()));
    return found;
  }

  private List<ProcessView> probe() throws NotCheckedException {
    FlinkRest rest = rest();
    int slots = freeSlots();
    if (slots == 0) {
      throw new NotCheckedException(
          "no slot is free, and only a job sees what TaskManagers see: ask again when one is");
    }
    if (!Files.isRegularFile(jobJar)) {
      throw new NotCheckedException(
          "there is no job jar %s: run 'mvn -q -DskipTests package' or name it by --job-jar"
              .formatted(jobJar));
    }
    try {
      return ProbeRun.run(rest, jobJar, slots, arguments());
    } catch (IOException e) {
      throw new ProbeFailedException(e.getMessage(), e);
    }
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("--id=" + UUID.randomUUID()));
    config.checkpoint().directory().ifPresent(dir -> arguments.add("--checkpoint-dir=" + dir));
    config
        .kafka()
        .clientProperties()
        .forEach((key, value) -> arguments.add("--kafka=%s=%s".formatted(key, value)));
    return arguments;
  }

  /** The probe job was refused or failed: a fault, where other reasons are none. */
  static final class ProbeFailedException extends NotCheckedException {

    private static final long serialVersionUID = 1L;

    ProbeFailedException(String reason, Throwable cause) {
      super(reason, cause);
    }
  }
}
