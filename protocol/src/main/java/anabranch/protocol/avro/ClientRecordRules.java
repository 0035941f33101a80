// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.ClientUpdate;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The ranges of the fields that clients write, as far as they can be told from the record alone.
 * What needs the manifest or the plan is checked by who knows them.
 */
final class ClientRecordRules {

  static final int MAX_METRICS = 64;
  static final int MAX_METRIC_NAME = 64;
  static final int MAX_AGENT = 256;

  private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private ClientRecordRules() {}

  /**
   * @throws UnreadableRecordException naming the first field outside its range
   */
  static void check(ClientCheckIn checkIn) {
    checkIdentity(checkIn.clientId(), checkIn.session());
    require(checkIn.samples() >= 1, "samples is %d, allowed is 1 and more", checkIn.samples());
    require(
        checkIn.memoryBytes() >= 0,
        "memoryBytes is %d, allowed is 0 and more",
        checkIn.memoryBytes());
    require(
        checkIn.agent().length() <= MAX_AGENT,
        "agent has %d characters, allowed are %d",
        checkIn.agent().length(),
        MAX_AGENT);
  }

  /**
   * @throws UnreadableRecordException naming the first field outside its range
   */
  static void check(ClientUpdate update) {
    checkIdentity(update.clientId(), update.session());
    require(update.round() >= 1, "round is %d, allowed is 1 and more", update.round());
    require(
        0 <= update.part() && update.part() < update.parts(),
        "part is %d of %d, allowed is 0 to parts - 1",
        update.part(),
        update.parts());
    require(update.samples() >= 1, "samples is %d, allowed is 1 and more", update.samples());
    require(
        update.metrics().size() <= MAX_METRICS,
        "there are %d metrics, allowed are %d",
        update.metrics().size(),
        MAX_METRICS);
    for (Map.Entry<String, Double> metric : update.metrics().entrySet()) {
      int length = metric.getKey().length();
      require(
          1 <= length && length <= MAX_METRIC_NAME,
          "the name of a metric has %d characters, allowed are 1 to %d",
          length,
          MAX_METRIC_NAME);
      require(
          Double.isFinite(metric.getValue()),
          "metric %s is %s, allowed are finite numbers",
          metric.getKey(),
          metric.getValue());
    }
    require(!update.segments().isEmpty(), "there are no segments, needed is at least 1");
  }

  private static void checkIdentity(String clientId, long session) {
    require(
        CLIENT_ID.matcher(clientId).matches(),
        "clientId of %d characters is not 1 to 128 of A-Z a-z 0-9 . _ -",
        clientId.length());
    require(session != 0, "session is 0, allowed is every other number");
  }

  private static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new UnreadableRecordException(message.formatted(values));
    }
  }
}
