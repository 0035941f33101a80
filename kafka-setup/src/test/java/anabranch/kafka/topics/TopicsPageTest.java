// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Keeps {@code docs/topics.md} equal to the {@link TopicTable}. After a change of the table, {@code
 * mvn -pl kafka-setup -am test -Dtest=TopicsPageTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dtopics.page=write} writes the page anew.
 */
class TopicsPageTest {

  private static final Path PAGE = Path.of("..", "docs", "topics.md");
  private static final String BEGIN = "<!-- table: written by TopicsPageTest -->\n";
  private static final String END = "<!-- end of table -->\n";
  private static final Topics TOPICS = new Topics("FEDERATION");

  @Test
  void pageShowsTheTableOfACluster() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    String rewritten =
        page.substring(0, begin) + markdown(TopicParameters.cluster()) + page.substring(end);

    if ("write".equals(System.getProperty("topics.page"))) {
      Files.writeString(PAGE, rewritten);
    } else {
      assertThat(page).as("write the page anew with -Dtopics.page=write").isEqualTo(rewritten);
    }
  }

  private static String markdown(TopicParameters parameters) {
    List<TopicSettings> table = TopicTable.of(TOPICS, parameters);
    Set<Setting> ofAll =
        table.get(0).settings().stream()
            .filter(s -> table.stream().allMatch(t -> t.settings().contains(s)))
            .collect(Collectors.toSet());
    StringBuilder page = new StringBuilder();
    page.append("\n### All topics\n\n").append("| setting | value | why |\n|---|---|---|\n");
    page.append(
        row("replication factor", "" + parameters.replicationFactor(), "chosen by the caller"));
    table.get(0).settings().stream().filter(ofAll::contains).forEach(s -> page.append(row(s)));
    for (TopicSettings topic : table) {
      page.append("\n### `%s`: %s\n\n".formatted(topic.name(), topic.holds()));
      page.append("| setting | value | why |\n|---|---|---|\n");
      page.append(row("partitions", "" + topic.partitions(), topic.partitionsReason()));
      topic.settings().stream().filter(s -> !ofAll.contains(s)).forEach(s -> page.append(row(s)));
    }
    return page.append('\n').toString().replace(TOPICS.federation(), "<f>");
  }

  private static String row(Setting setting) {
    return row("`" + setting.key() + "`", "`" + setting.value() + "`", setting.reason());
  }

  private static String row(String what, String value, String reason) {
    return "| %s | %s | %s |\n".formatted(what, value, reason);
  }
}
