// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The script {@code ./anabranch} on machines that lack what it needs. */
class LauncherTest {

  private static final Path SCRIPT = Path.of("..", "anabranch").toAbsolutePath().normalize();
  private static final List<String> NEEDED =
      List.of("bash", "basename", "date", "dirname", "env", "find", "head", "ls", "mkdir", "sed");

  @TempDir Path folder;
  private Path programs;

  @BeforeEach
  void layOutAMachine() throws IOException {
    programs = Files.createDirectory(folder.resolve("programs"));
    for (String program : NEEDED) {
      Path found = Path.of("/usr/bin", program);
      Files.createSymbolicLink(
          programs.resolve(program), Files.exists(found) ? found : Path.of("/bin", program));
    }
    Files.copy(SCRIPT, folder.resolve("anabranch"));
  }

  static Stream<Arguments> machines() {
    String java17 = "echo 'openjdk version \"17.0.15\"' >&2";
    String maven38 = "echo 'Apache Maven 3.8.7'";
    return Stream.of(
        arguments(Map.of("mvn", maven38), "no java found: install a JDK 17 or 21"),
        arguments(
            Map.of("java", "echo 'openjdk version \"11.0.2\"' >&2", "mvn", maven38),
            "is Java 11: install a JDK 17 or 21 and set JAVA_HOME"),
        arguments(Map.of("java", "exit 1", "mvn", maven38), "is Java of an unknown version"),
        arguments(Map.of("java", java17), "no mvn found"),
        arguments(
            Map.of("java", java17, "mvn", "echo 'Apache Maven 3.6.3'"),
            "mvn is Maven 3.6: 3.8 or newer is needed"),
        arguments(Map.of("java", java17, "mvn", "exit 1"), "'mvn -v' does not tell a version"));
  }

  @ParameterizedTest
  @MethodSource("machines")
  void whatTheMachineLacksIsNamedWithAWayOut(Map<String, String> installed, String expected)
      throws Exception {
    for (Map.Entry<String, String> program : installed.entrySet()) {
      Path file = programs.resolve(program.getKey());
      Files.writeString(file, "#!/usr/bin/env bash\n%s\n".formatted(program.getValue()));
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    ProcessBuilder builder =
        new ProcessBuilder(folder.resolve("anabranch").toString(), "quickstart")
            .redirectErrorStream(true);
    builder.environment().put("PATH", programs.toString());
    builder.environment().remove("JAVA_HOME");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(said).contains(expected).startsWith("anabranch: ").hasLineCount(1);
    assertThat(process.waitFor()).isEqualTo(1);
  }
}
