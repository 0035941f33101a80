// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.config.ConfigKey.Fallback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Keeps the page and the table of keys together. After a change of the table run this test with
 * {@code -Ddocs.write=true}: it writes the page's table anew.
 */
class ConfigurationPageTest {

  private static final Path PAGE = Path.of("../docs/configuration.md");
  private static final String BEGIN =
      "<!-- keys: begin; written by ConfigurationPageTest, do not edit -->\n";
  private static final String END = "<!-- keys: end -->\n";

  @Test
  void pageListsEveryKeyAsTheTableHasIt() throws IOException {
    String page = Files.readString(PAGE);
    String expected =
        page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
            + tables()
            + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(Files.readString(PAGE))
        .as("run mvn test -pl job -am -Dtest=ConfigurationPageTest -Ddocs.write=true")
        .isEqualTo(expected);
  }

  private static String tables() {
    String header = "| key | allowed | default | unit | what for |\n|---|---|---|---|---|\n";
    return ConfigKeys.all().stream()
        .map(ConfigurationPageTest::row)
        .collect(Collectors.joining("", header, ""));
  }

  private static String row(ConfigKey<?> key) {
    return "| `%s` | %s | %s | %s | %s |\n"
        .formatted(key.path(), key.type().allowed(), fallback(key), key.unit(), key.reason());
  }

  private static String fallback(ConfigKey<?> key) {
    if (key.fallback() instanceof Fallback.SameAs same) {
      return "`%s`".formatted(same.key().path());
    }
    return key.fallback() instanceof Fallback.Value value
        ? "`%s`".formatted(value.text())
        : "**required**";
  }
}
