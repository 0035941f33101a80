// SPDX-License-Identifier: Apache-2.0
package anabranch.client.link;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much a line carries.
 *
 * @param bitsPerSecond at least 1; {@link Long#MAX_VALUE} when the line is not narrowed
 */
public record Bandwidth(long bitsPerSecond) {

  /** As fast as it goes. */
  public static final Bandwidth UNLIMITED = new Bandwidth(Long.MAX_VALUE);

  private static final Pattern NOTATION =
      Pattern.compile("(?<number>\\d{1,12}(\\.\\d{1,6})?) ?(?<unit>bit|kbit|mbit|gbit)");
  private static final double NANOS_PER_SECOND = 1e9;

  public Bandwidth {
    if (bitsPerSecond < 1) {
      throw new IllegalArgumentException(
          "a line carries at least 1 bit a second, not " + bitsPerSecond);
    }
  }

  /**
   * Reads {@code 500bit}, {@code 64kbit}, {@code 1.5mbit} or {@code 1gbit}, a second each; the
   * units are powers of 1000.
   *
   * @throws IllegalArgumentException for anything else, and for less than a bit a second
   */
  public static Bandwidth parse(String text) {
    Matcher matcher = NOTATION.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      long unit =
          switch (matcher.group("unit")) {
            case "bit" -> 1L;
            case "kbit" -> 1_000L;
            case "mbit" -> 1_000_000L;
            default -> 1_000_000_000L;
          };
      BigDecimal bits = new BigDecimal(matcher.group("number")).multiply(BigDecimal.valueOf(unit));
      if (bits.compareTo(BigDecimal.ONE) >= 0
          && bits.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0) {
        return new Bandwidth(bits.longValue());
      }
    }
    throw new IllegalArgumentException(
        ("bandwidth '%s' is not a number and one of bit, kbit, mbit, gbit (a second), such as"
                + " 500kbit or 1.5mbit")
            .formatted(text));
  }

  /** Whether the line is as fast as it goes. */
  public boolean isUnlimited() {
    return bitsPerSecond == Long.MAX_VALUE;
  }

  /** Nanoseconds that so many bytes take, 0 on a line that is not narrowed. */
  long nanosFor(long bytes) {
    return isUnlimited()
        ? 0
        : Math.round(bytes * (double) Byte.SIZE * NANOS_PER_SECOND / bitsPerSecond);
  }
}
