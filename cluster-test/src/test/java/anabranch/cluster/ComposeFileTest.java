// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import static anabranch.cluster.DocumentedCommands.essence;
import static anabranch.cluster.DocumentedCommands.part;
import static anabranch.cluster.DocumentedCommands.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The containers run what the cluster test runs, in the versions that the build has. */
class ComposeFileTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static JsonSchema specification;
  private static Map<?, ?> services;

  @BeforeAll
  static void read() throws IOException {
    services = part(DocumentedCommands.compose(), "services");
    // The schema's own name is relative.
    specification =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(
                SchemaLocation.of("https://compose-spec.io/"),
                JSON.readTree(
                    ComposeFileTest.class.getResource("/compose-spec/compose-spec.json")));
  }

  @Test
  void followsTheComposeSpecification() throws IOException {
    ObjectNode file = JSON.valueToTree(DocumentedCommands.compose());
    assertThat(specification.validate(file)).isEmpty();

    file.withObject("/services/broker").put("imagee", "apache/kafka");
    assertThat(specification.validate(file)).isNotEmpty();
  }

  @Test
  void everyCommandIsOneOfTheReadmeOrOfFlink() throws IOException {
    List<List<String>> documented = new ArrayList<>();
    DocumentedCommands.readme().forEach(command -> documented.add(essence(command)));
    FlinkDistribution flink = new FlinkDistribution(Path.of(""));
    documented.add(flink.jobManager(Path.of("")));
    documented.add(flink.taskManager(Path.of("")));

    services.forEach(
        (name, service) -> {
          List<String> command = words((Map<?, ?>) service, "command");
          if (!command.isEmpty()) {
            assertThat(documented).as("command of %s", name).contains(essence(command));
          }
        });
    assertThat(services.keySet().stream().map(Object::toString))
        .contains("topics", "model", "jobmanager", "taskmanager", "submit", "client-1");
  }

  @Test
  void containersFindTheBrokerByItsName() {
    Map<?, ?> environment = part(part(services, "broker"), "environment");
    String advertised = environment.get("KAFKA_ADVERTISED_LISTENERS").toString();

    services.forEach(
        (name, service) ->
            words((Map<?, ?>) service, "command").stream()
                .filter(word -> word.startsWith("--set=kafka.bootstrap-servers="))
                .forEach(
                    word ->
                        assertThat(advertised)
                            .as("broker of %s", name)
                            .contains(
                                "CONTAINERS://" + word.substring(word.lastIndexOf('=') + 1))));
  }

  @Test
  void versionsAreThoseOfTheBuild() throws IOException {
    assertThat(part(services, "broker"))
        .extracting(broker -> broker.get("image"))
        .isEqualTo("apache/kafka:" + System.getProperty("kafka.version"));
    assertThat(Files.readString(Repository.ROOT.resolve("deploy/Dockerfile")))
        .contains("FROM flink:%s-java17 ".formatted(System.getProperty("flink.version")));
    assertThat(words(part(services, "submit"), "command")).contains(Repository.JOB_JAR);
  }

  @Test
  void everyImageIsPinned() {
    services.forEach(
        (name, service) ->
            assertThat(((Map<?, ?>) service).get("image").toString())
                .as("image of %s", name)
                .matches(".+:v?\\d+\\.\\d+\\.\\d+"));
  }

  @Test
  void servicesThatOthersWaitForTellTheirHealthOrEnd() {
    services.forEach(
        (name, service) ->
            part((Map<?, ?>) service, "depends_on")
                .forEach((other, how) -> assertCanBeWaitedFor(other, ((Map<?, ?>) how))));
  }

  private static void assertCanBeWaitedFor(Object name, Map<?, ?> how) {
    Map<?, ?> service = part(services, name);
    if ("service_healthy".equals(how.get("condition"))) {
      assertThat(service.containsKey("healthcheck")).as("health of %s", name).isTrue();
    } else {
      assertThat(how.get("condition")).isEqualTo("service_completed_successfully");
      assertThat(service.containsKey("restart")).as("restart of %s", name).isFalse();
    }
  }
}
