// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the build has made and what users are given, where a user finds it. */
final class Repository {

  /** The folder in which the README's commands run. */
  static final Path ROOT =
      Path.of(System.getProperty("anabranch.root", "..")).toAbsolutePath().normalize();

  /** The job's jar, relative to the root, as the README names it. */
  static final String JOB_JAR =
      "job/target/job-%s-cluster.jar".formatted(System.getProperty("anabranch.version"));

  /** The federation of the README, relative to the root. */
  static final String FEDERATION = "deploy/federation.yaml";

  /** What users put into Flink's {@code lib/}. */
  static final Path ND4J = ROOT.resolve("deploy/target/nd4j");

  private static final Path LAUNCHER = ROOT.resolve("cli/target/launcher");

  private Repository() {}

  /** What {@code ./anabranch} executes once it has built: the launcher, without the build. */
  static List<String> launcher() {
    try {
      String jars = Files.readString(LAUNCHER.resolve("classpath")).strip();
      String cli =
          "cli/target/cli-%s.jar:".formatted(System.getProperty("anabranch.version")) + jars;
      return List.of(
          java(), "@" + LAUNCHER.resolve("jvm.options"), "-cp", cli, "anabranch.cli.Anabranch");
    } catch (IOException e) {
      throw new UncheckedIOException("build the launcher first: mvn package -pl cli -am", e);
    }
  }

  /** The java of this JVM. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
