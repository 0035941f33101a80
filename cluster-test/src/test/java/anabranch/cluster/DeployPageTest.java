// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code deploy/README.md} describes what is there and has users run what the tests run. */
class DeployPageTest {

  private static final Path DEPLOY = Repository.ROOT.resolve("deploy");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Pattern ADDRESS = Pattern.compile("localhost:(\\d+)");
  private static final Set<String> COMPOSE_OPTIONS = Set.of("--build", "--detach", "--follow");

  private static String page;
  private static Map<?, ?> services;

  @BeforeAll
  static void read() throws IOException {
    page = Files.readString(DEPLOY.resolve("README.md"));
    services = DocumentedCommands.part(DocumentedCommands.compose(), "services");
  }

  @Test
  void everyCommandIsOneThatTheTestsRun() throws IOException {
    List<String> known = new ArrayList<>();
    DocumentedCommands.readme().forEach(command -> known.add(String.join(" ", command)));
    Files.readAllLines(Repository.ROOT.resolve("cluster-test/flink-distribution"))
        .forEach(line -> known.add(line.strip()));
    FlinkDistribution flink = new FlinkDistribution(Path.of("\"$FLINK_HOME"));
    for (List<String> script :
        List.of(flink.jobManager(Path.of("")), flink.taskManager(Path.of("")))) {
      known.add(script.get(0) + "\" " + script.get(1));
    }

    for (List<String> command : DocumentedCommands.in(page)) {
      if (command.subList(0, 2).equals(List.of("docker", "compose"))) {
        assertThat(command.get(2)).isIn("up", "ps", "logs", "down");
        assertThat(command.subList(3, command.size()))
            .allMatch(word -> COMPOSE_OPTIONS.contains(word) || services.containsKey(word));
      } else {
        assertThat(known).contains(String.join(" ", command));
      }
    }
  }

  @Test
  void everyFileIsExplained() throws IOException {
    try (Stream<Path> files = Files.walk(DEPLOY)) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> DEPLOY.relativize(file).toString())
                  .filter(file -> !file.startsWith("target") && !file.equals("README.md")))
          .allMatch(file -> page.contains("| `%s` |".formatted(file)));
    }
  }

  @Test
  void everyKeyOfFlinksConfigurationIsExplained() throws IOException {
    Set<String> explained = new HashSet<>();
    page.lines()
        .dropWhile(line -> !line.startsWith("| key of `config.yaml`"))
        .skip(1)
        .takeWhile(line -> line.startsWith("|"))
        .forEach(row -> explained.addAll(matches(QUOTED, row.split("\\|")[1])));

    assertThat(explained).isEqualTo(FlinkConfiguration.deployed().values().keySet());
  }

  @Test
  void addressesAreThoseOfTheContainers() {
    Set<String> published =
        services.values().stream()
            .flatMap(service -> DocumentedCommands.words((Map<?, ?>) service, "ports").stream())
            .map(port -> port.split(":")[1])
            .collect(Collectors.toSet());

    assertThat(matches(ADDRESS, page)).isEqualTo(published);
  }

  @Test
  void versionOfFlinkIsThatOfTheBuild() {
    assertThat(page).contains("Unpack Flink %s ".formatted(System.getProperty("flink.version")));
  }

  private static Set<String> matches(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toSet());
  }
}
