// SPDX-License-Identifier: Apache-2.0
package anabranch.job.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Keeps the table in {@code docs/presets.md} as the code has it. With {@code -Ddocs.write=true} it
 * writes the table anew.
 */
class PresetsPageTest {

  private static final Path PAGE = Path.of("../docs/presets.md");
  private static final String BEGIN =
      "<!-- presets: begin; written by PresetsPageTest, do not edit -->\n";
  private static final String END = "<!-- presets: end -->\n";

  @Test
  void pageListsEveryPresetAsTheTableHasIt() throws IOException {
    String page = Files.readString(PAGE);
    String expected =
        page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
            + table()
            + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(Files.readString(PAGE))
        .as("run mvn test -pl job -am -Dtest=PresetsPageTest -Ddocs.write=true")
        .isEqualTo(expected);
  }

  @Test
  void everyExampleIsAPresetOfItsName() {
    for (EncodingPreset preset : EncodingPresets.all()) {
      assertThat(EncodingPresets.parse(preset.example()).preset())
          .isEqualTo(preset.example())
          .startsWith(preset.name());
    }
  }

  private static String table() {
    String header =
        "| preset | sends | bits a parameter | client keeps | job keeps | does not combine with"
            + " | choose it | source |\n|---|---|---|---|---|---|---|---|\n";
    return EncodingPresets.all().stream()
        .map(PresetsPageTest::row)
        .collect(Collectors.joining("", header, ""));
  }

  private static String row(EncodingPreset preset) {
    return "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n"
        .formatted(
            preset.signature().replace("|", "\\|"),
            preset.does(),
            preset.bits(),
            preset.clientState(),
            preset.serverState(),
            preset.excludes(),
            preset.choose(),
            preset.source());
  }
}
