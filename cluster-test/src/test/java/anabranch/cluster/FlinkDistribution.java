// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The full distribution of Flink, by its own scripts.
 *
 * @param home folder with {@code bin}, {@code lib} and {@code plugins}
 */
record FlinkDistribution(Path home) implements FlinkInstallation {

  @Override
  public String name() {
    return "distribution";
  }

  @Override
  public List<String> jobManager(Path conf) {
    return List.of(script("jobmanager.sh"), "start-foreground");
  }

  @Override
  public List<String> taskManager(Path conf) {
    return List.of(script("taskmanager.sh"), "start-foreground");
  }

  @Override
  public List<String> commandLine(Path conf) {
    return List.of(script("flink"));
  }

  @Override
  public Map<String, String> environment(Path conf) {
    return Map.of(
        "JAVA_HOME", System.getProperty("java.home"),
        "FLINK_CONF_DIR", conf.toString(),
        "FLINK_LOG_DIR", conf.toString(),
        "FLINK_PID_DIR", conf.toString());
  }

  private String script(String name) {
    return home.resolve("bin").resolve(name).toString();
  }
}
