// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code docs/protocol.md} says of the networks that are shipped. */
class NetworksPageTest {

  @ParameterizedTest
  @EnumSource
  void thePageHasEveryNetworkWithItsSettings(Architecture architecture) throws IOException {
    ModelDefinition model = architecture.define(Map.of());
    assertThat(Files.readAllLines(Path.of("..", "docs", "protocol.md")))
        .filteredOn(line -> line.startsWith("| `%s` |".formatted(architecture.label())))
        .singleElement()
        .satisfies(
            line ->
                model
                    .settings()
                    .forEach(
                        (key, value) ->
                            assertThat(line).contains("`%s` %s".formatted(key, value))));
  }
}
