// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Flink on this machine: the commands that start its processes. */
interface FlinkInstallation {

  /** The full distribution that was named, otherwise what Maven Central has of it. */
  static FlinkInstallation chosen() {
    String home = System.getProperty("flink.home", "");
    return home.isEmpty()
        ? new AssembledFlink(Path.of("target", "flink").toAbsolutePath(), Repository.ND4J)
        : new FlinkDistribution(Path.of(home).toAbsolutePath());
  }

  /** One word for it. */
  String name();

  /**
   * @param conf folder with {@code config.yaml}
   */
  List<String> jobManager(Path conf) throws Exception;

  /**
   * @param conf folder with {@code config.yaml}
   */
  List<String> taskManager(Path conf) throws Exception;

  /**
   * What follows the command of a TaskManager to give it a name of its own.
   *
   * @param id in the REST API
   */
  static List<String> named(String id) {
    return List.of("-D", "taskmanager.resource-id=" + id);
  }

  /** {@code flink}, to be followed by its arguments. */
  List<String> commandLine(Path conf) throws Exception;

  /** What all of them need in their environment. */
  Map<String, String> environment(Path conf);
}
