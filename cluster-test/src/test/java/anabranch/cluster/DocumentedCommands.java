// SPDX-License-Identifier: Apache-2.0
package anabranch.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The commands that users are told to run, each as its words. */
final class DocumentedCommands {

  private static final String SECTION = "## Run it on your cluster";
  private static final String FENCE = "```";

  private DocumentedCommands() {}

  /** Those of README.md that run Anabranch on a cluster, in their order. */
  static List<List<String>> readme() throws IOException {
    String readme = Files.readString(Repository.ROOT.resolve("README.md"));
    String section = readme.substring(readme.indexOf(SECTION));
    int begin = section.indexOf(FENCE);
    return in(section.substring(begin, section.indexOf(FENCE, begin + 1) + FENCE.length()));
  }

  /** Those of a whole page, in their order. */
  static List<List<String>> in(String page) {
    String[] parts = page.split(FENCE);
    return IntStream.range(0, parts.length)
        .filter(part -> part % 2 == 1)
        .boxed()
        .flatMap(part -> parts[part].lines())
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .map(line -> List.of(line.split(" +")))
        .toList();
  }

  /** {@code docker-compose.yml} with its anchors resolved. */
  static Map<?, ?> compose() throws IOException {
    return new Yaml(new SafeConstructor(new LoaderOptions()))
        .load(Files.readString(Repository.ROOT.resolve("docker-compose.yml")));
  }

  /** A part of {@link #compose()}. */
  static Map<?, ?> part(Map<?, ?> whole, Object key) {
    return whole.get(key) instanceof Map<?, ?> part ? part : Map.of();
  }

  /** A list of words, empty where there is none. */
  static List<String> words(Map<?, ?> whole, Object key) {
    return whole.get(key) instanceof List<?> list
        ? list.stream().map(Object::toString).toList()
        : List.of();
  }

  /** A command without what only says where things are and who one is. */
  static List<String> essence(List<String> command) {
    return Stream.of(
            String.join(" ", command)
                .replaceAll(" --set=kafka\\.bootstrap-servers=\\S+", "")
                .replaceAll(" --id \\S+", " --id ID")
                .replaceAll(" --share \\S+", " --share SHARE")
                .split(" "))
        .toList();
  }
}
