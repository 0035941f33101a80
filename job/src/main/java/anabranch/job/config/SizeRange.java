// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.configuration.MemorySize;

/** Bytes with their unit, powers of 1024, both ends included. */
record SizeRange(long low, long high) implements ValueType<Long> {

  private static final Pattern WITH_UNIT = Pattern.compile("\\d+ ?(b|kb|mb|gb|tb)");
  private static final List<String> UNITS = List.of("b", "kb", "mb", "gb", "tb");

  @Override
  public Long parse(String text) {
    if (!WITH_UNIT.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    long value = MemorySize.parseBytes(text);
    if (value < low || value > high) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  @Override
  public String allowed() {
    return "a size (b, kb, mb, gb, tb; 1kb is 1024b) from %s to %s"
        .formatted(words(low), words(high));
  }

  private static String words(long bytes) {
    int unit = 0;
    long count = bytes;
    while (count >= 1024 && count % 1024 == 0 && unit < UNITS.size() - 1) {
      count /= 1024;
      unit++;
    }
    return count + UNITS.get(unit);
  }
}
