// SPDX-License-Identifier: Apache-2.0
package anabranch.client.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BandwidthTest {

  @ParameterizedTest
  @CsvSource({
    "800bit, 800",
    "64kbit, 64000",
    "1.5mbit, 1500000",
    "1 Mbit, 1000000",
    "2gbit, 2000000000",
    "0.001kbit, 1"
  })
  void unitsArePowersOfAThousand(String text, long bitsPerSecond) {
    assertThat(Bandwidth.parse(text).bitsPerSecond()).isEqualTo(bitsPerSecond);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "fast", "1", "mbit", "-1mbit", "0mbit", "0.5bit", "1mb", "1mbit/s", "1,5mbit"})
  void anythingElseIsRefusedWithAnExample(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bandwidth.parse(text))
        .withMessageContaining("'" + text + "'")
        .withMessageContaining("such as 500kbit or 1.5mbit");
  }

  @Test
  void bytesTakeEightBitsEach() {
    assertThat(new Bandwidth(1_000_000).nanosFor(125_000)).isEqualTo(1_000_000_000L);
    assertThat(Bandwidth.UNLIMITED.nanosFor(Long.MAX_VALUE)).isZero();
  }
}
