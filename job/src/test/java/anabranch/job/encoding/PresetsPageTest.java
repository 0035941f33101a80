// SPDX-License-Identifier: Apache-2.0
package anabranch.job.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfigLoader;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private static final String NOTHING = "nothing";
  private static final String RESIDUAL = "residual, 32 bits a parameter";
  private static final List<String> BESIDE =
      List.of(
          "encoding.error-feedback=true",
          "round.parts=independent",
          "aggregation.rule=coordinate-count-mean");

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
            clientState(preset),
            serverState(preset),
            excludes(preset),
            preset.choose(),
            preset.source());
  }

  /** What the loader refuses beside the example. */
  private static String excludes(EncodingPreset preset) {
    String refused =
        BESIDE.stream()
            .filter(beside -> !isSound("encoding.preset=" + preset.example(), beside))
            .map(beside -> "`" + beside.replace("=", ": ") + "`")
            .collect(Collectors.joining(", "));
    if (!isSound("downlink.preset=" + preset.example())) {
      refused += (refused.isEmpty() ? "" : ", ") + "`downlink.preset`";
    }
    return refused.isEmpty() ? NOTHING : refused;
  }

  private static String clientState(EncodingPreset preset) {
    return EncodingPresets.parse(preset.example()).errorFeedback() ? RESIDUAL : NOTHING;
  }

  private static String serverState(EncodingPreset preset) {
    EncodingSettings settings = EncodingPresets.parse(preset.example());
    boolean lossless = settings.index() == Index.DENSE && settings.value() == Value.F32;
    boolean owes =
        isSound("downlink.preset=" + preset.example()) && !settings.unbiased() && !lossless;
    return owes ? RESIDUAL + ", as `downlink.preset`" : NOTHING;
  }

  private static boolean isSound(String... keys) {
    List<String> all =
        Stream.concat(
                Stream.of("federation=demo", "kafka.bootstrap-servers=localhost:9092"),
                Stream.of(keys))
            .toList();
    try {
      FederationConfigLoader.load(null, all);
      return true;
    } catch (ConfigException e) {
      return false;
    }
  }
}
