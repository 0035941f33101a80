// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import anabranch.protocol.codec.MalformedUpdateException;
import anabranch.protocol.codec.MalformedUpdateException.Reason;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.ClientUpdate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClientRecordRulesTest {

  @Test
  void aClientIdIsShortAndPlain() throws MalformedUpdateException {
    for (String id : List.of("", "a b", "a/b", "ä", "a\n", "x".repeat(129))) {
      refusesUpdate(update(id, 1, 1, 0, 1, 1, Map.of(), SampleRecords.SEGMENTS), "clientId");
      refusesCheckIn(new ClientCheckIn(id, 1, ClientCheckIn.Status.READY, 1, 0, ""), "clientId");
    }
    ClientUpdate longest = update("x".repeat(128), 1, 1, 0, 1, 1, Map.of(), SampleRecords.SEGMENTS);
    assertThat(Records.decodeClientUpdate(Records.encode(longest))).isEqualTo(longest);
  }

  @Test
  void numbersOfAnUpdateOutsideTheirRangesAreNamed() {
    List<SegmentUpdate> some = SampleRecords.SEGMENTS;
    refusesUpdate(update("anna", 0, 1, 0, 1, 1, Map.of(), some), "session is 0");
    refusesUpdate(update("anna", 1, 0, 0, 1, 1, Map.of(), some), "round is 0");
    refusesUpdate(update("anna", 1, 1, -1, 1, 1, Map.of(), some), "part is -1 of 1");
    refusesUpdate(update("anna", 1, 1, 2, 2, 1, Map.of(), some), "part is 2 of 2");
    refusesUpdate(update("anna", 1, 1, 0, 0, 1, Map.of(), some), "part is 0 of 0");
    refusesUpdate(update("anna", 1, 1, 0, 1, 0, Map.of(), some), "samples is 0");
    refusesUpdate(update("anna", 1, 1, 0, 1, 1, Map.of(), List.of()), "no segments");
  }

  @Test
  void metricsAreFewNamedShortlyAndFinite() throws MalformedUpdateException {
    refusesUpdate(metrics(Map.of("loss", Double.NaN)), "metric loss is NaN");
    refusesUpdate(metrics(Map.of("loss", Double.NEGATIVE_INFINITY)), "metric loss is -Infinity");
    refusesUpdate(metrics(Map.of("", 1.0)), "name of a metric has 0 characters");
    refusesUpdate(metrics(Map.of("m".repeat(65), 1.0)), "name of a metric has 65 characters");
    refusesUpdate(metrics(numbered(65)), "65 metrics");
    assertThat(Records.decodeClientUpdate(Records.encode(metrics(numbered(64)))).metrics())
        .hasSize(64);
  }

  @Test
  void numbersOfACheckInOutsideTheirRangesAreNamed() {
    ClientCheckIn.Status ready = ClientCheckIn.Status.READY;
    refusesCheckIn(new ClientCheckIn("anna", 0, ready, 1, 0, ""), "session is 0");
    refusesCheckIn(new ClientCheckIn("anna", 1, ready, 0, 0, ""), "samples is 0");
    refusesCheckIn(new ClientCheckIn("anna", 1, ready, 1, -1, ""), "memoryBytes is -1");
    refusesCheckIn(new ClientCheckIn("anna", 1, ready, 1, 0, "a".repeat(257)), "agent has 257");
  }

  private static Map<String, Double> numbered(int count) {
    return IntStream.range(0, count)
        .boxed()
        .collect(Collectors.toMap(Object::toString, Integer::doubleValue));
  }

  private static ClientUpdate metrics(Map<String, Double> metrics) {
    return SampleRecords.update(0, 1, metrics, SampleRecords.SEGMENTS);
  }

  private static ClientUpdate update(
      String id,
      long session,
      long round,
      int part,
      int parts,
      long samples,
      Map<String, Double> metrics,
      List<SegmentUpdate> segments) {
    return new ClientUpdate(
        id, session, 7, round, part, parts, samples, metrics, segments, null, null);
  }

  private static void refusesUpdate(ClientUpdate update, String message) {
    byte[] record = Records.encode(update);
    assertThatExceptionOfType(MalformedUpdateException.class)
        .isThrownBy(() -> Records.decodeClientUpdate(record))
        .withMessageContaining(message)
        .returns(Reason.UNREADABLE, MalformedUpdateException::reason);
  }

  private static void refusesCheckIn(ClientCheckIn checkIn, String message) {
    byte[] record = Records.encode(checkIn);
    assertThatExceptionOfType(MalformedUpdateException.class)
        .isThrownBy(() -> Records.decodeClientCheckIn(record))
        .withMessageContaining(message)
        .returns(Reason.UNREADABLE, MalformedUpdateException::reason);
  }
}
