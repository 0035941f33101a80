// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.flink.util.TimeUtils;

/** A duration with its unit, both ends included. */
record DurationRange(Duration low, Duration high) implements ValueType<Duration> {

  private static final Pattern WITH_UNIT = Pattern.compile("\\d+ ?(ms|s|min|h|d)");

  @Override
  public Duration parse(String text) {
    // A number alone would be milliseconds to Flink and seconds to most people.
    if (!WITH_UNIT.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    Duration value = TimeUtils.parseDuration(text);
    if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  @Override
  public String allowed() {
    return "a duration (ms, s, min, h, d) from %s to %s".formatted(words(low), words(high));
  }

  /** A duration as it is written in the file. */
  static String words(Duration duration) {
    return TimeUtils.formatWithHighestUnit(duration).replace(" ", "");
  }
}
