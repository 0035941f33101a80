// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Flink as Maven Central has it: the jars without the scripts. What the scripts work out (heap,
 * direct memory, JVM flags) comes from the class that they ask too.
 *
 * @param home folder with {@code lib} and {@code plugins}
 * @param nd4j folder with the jars that users put into {@code lib}
 */
record AssembledFlink(Path home, Path nd4j) implements FlinkInstallation {

  private static final String ASKED = "org.apache.flink.runtime.util.bash.BashJavaUtils";
  private static final String ANSWER = "BASH_JAVA_UTILS_EXEC_RESULT:";

  @Override
  public String name() {
    return "assembled";
  }

  @Override
  public List<String> jobManager(Path conf) throws Exception {
    List<String> resources = resources("GET_JM_RESOURCE_PARAMS", conf);
    List<String> command = jvm(conf, "log4j-console.properties");
    command.addAll(words(resources.get(0)));
    command.add("org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint");
    command.addAll(List.of("--configDir", conf.toString()));
    command.addAll(words(resources.get(1)));
    return command;
  }

  @Override
  public List<String> taskManager(Path conf) throws Exception {
    List<String> resources = resources("GET_TM_RESOURCE_PARAMS", conf);
    List<String> command = jvm(conf, "log4j-console.properties");
    FlinkConfiguration.read(conf)
        .get("env.java.opts.taskmanager")
        .ifPresent(flags -> command.addAll(words(flags)));
    command.addAll(words(resources.get(0)));
    command.add("org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
    command.addAll(List.of("--configDir", conf.toString()));
    command.addAll(words(resources.get(1)));
    return command;
  }

  @Override
  public List<String> commandLine(Path conf) throws Exception {
    List<String> command = jvm(conf, "log4j-cli.properties");
    command.add("org.apache.flink.client.cli.CliFrontend");
    return command;
  }

  @Override
  public Map<String, String> environment(Path conf) {
    return Map.of(
        "FLINK_CONF_DIR", conf.toString(),
        "FLINK_LIB_DIR", home.resolve("lib").toString(),
        "FLINK_PLUGINS_DIR", home.resolve("plugins").toString());
  }

  /** The flags of every process, ending with the class path; flags may follow it. */
  private List<String> jvm(Path conf, String logging) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Repository.java());
    FlinkConfiguration.read(conf)
        .get("env.java.opts.all")
        .ifPresent(flags -> command.addAll(words(flags)));
    command.add("-Dlog4j.configurationFile=" + conf.resolve(logging).toUri());
    command.addAll(List.of("-cp", home.resolve("lib") + "/*:" + nd4j + "/*"));
    return command;
  }

  /** JVM flags, then dynamic properties, each in one line. */
  private List<String> resources(String question, Path conf) throws Exception {
    List<String> command = jvm(conf, "log4j-cli.properties");
    command.addAll(List.of(ASKED, question, "--configDir", conf.toString()));
    String said = Tool.ask(command.toArray(String[]::new));
    List<String> answer =
        said.lines()
            .filter(line -> line.startsWith(ANSWER))
            .map(line -> line.substring(ANSWER.length()))
            .toList();
    if (answer.size() != 2) {
      throw new AssertionError("%s: %s".formatted(question, said));
    }
    return answer;
  }

  private static List<String> words(String line) {
    return line.isBlank() ? List.of() : List.of(line.strip().split(" +"));
  }
}
