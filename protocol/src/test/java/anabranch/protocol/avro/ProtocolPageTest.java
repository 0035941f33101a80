// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.IndexCode;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import anabranch.protocol.codec.TransformCode;
import anabranch.protocol.codec.ValueCode;
import anabranch.protocol.message.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/protocol.md} says and the code can tell. */
class ProtocolPageTest {

  private static final String PAGE = page();

  @Test
  void thePageGivesTheHeaderOfEveryRecord() {
    for (RecordFormat<?> format :
        List.of(
            Records.CHECK_IN,
            Records.UPDATE,
            Records.ANNOUNCEMENT,
            Records.MANIFEST,
            Records.SEGMENT,
            Records.DELTA,
            Records.REPORT,
            Records.REJECTED,
            Records.DECISION)) {
      String fingerprint =
          HexFormat.of().toHexDigits(Long.reverseBytes(SchemaStore.fingerprint(format.schema())));
      assertThat(PAGE)
          .contains("| `%s` | `c3 01 %s` |".formatted(format.schema().getName(), fingerprint));
    }
  }

  @Test
  void thePageShowsTheBytesOfAnUpdate() {
    byte[] record =
        Records.encode(
            SampleRecords.update(0, 1, Map.of("loss", 0.5), List.of(SampleRecords.RICE)));
    String shown =
        Pattern.compile("^([0-9a-f ]+)  ", Pattern.MULTILINE)
            .matcher(PAGE.substring(PAGE.indexOf("`ClientUpdate` of client `anna`")))
            .results()
            .map(line -> line.group(1).replace(" ", ""))
            .collect(Collectors.joining());
    assertThat(shown).isEqualTo(HexFormat.of().formatHex(record));
  }

  @Test
  void thePageNamesEveryReasonOutcomeAndCode() {
    Stream<String> constants =
        Stream.of(Reason.values(), Outcome.values()).flatMap(Stream::of).map(Enum::name);
    Stream<String> codes =
        Stream.of(IndexCode.class, ValueCode.class, TransformCode.class)
            .flatMap(family -> Stream.of(family.getPermittedSubclasses()))
            .map(Class::getSimpleName);
    assertThat(Stream.concat(constants, codes))
        .allSatisfy(name -> assertThat(PAGE).containsPattern("`" + name + "[`(]"));
  }

  @Test
  void thePageGivesTheLimitOfARecord() {
    assertThat(PAGE).contains(String.format(Locale.ROOT, "%,d bytes", Records.MAX_BYTES));
  }

  private static String page() {
    try {
      return Files.readString(Path.of("..", "docs", "protocol.md"));
    } catch (IOException e) {
      throw new AssertionError("the protocol page cannot be read", e);
    }
  }
}
