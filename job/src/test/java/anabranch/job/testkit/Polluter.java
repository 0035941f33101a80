// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.protocol.message.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Adds a tenth more records to every round: each kind of {@link Garbage} in turn, half of it right
 * ahead of the sound record that it was made of, and replays of this round and of the one before.
 */
public final class Polluter implements Participants.Interference {

  private final Random random;
  private final Map<String, Long> refused = new TreeMap<>();
  private List<ProducerRecord<byte[], byte[]>> before = List.of();
  private int made;
  private long replays;

  public Polluter(long seed) {
    random = new Random(seed);
  }

  @Override
  public List<ProducerRecord<byte[], byte[]>> with(
      Plan plan, List<ProducerRecord<byte[], byte[]>> clean) {
    List<ProducerRecord<byte[], byte[]>> dirty = new ArrayList<>(clean);
    for (int i = 0; i < (clean.size() + 9) / 10; i++) {
      add(dirty, clean, Garbage.values()[made++ % Garbage.values().length]);
    }
    for (int i = 0; i < 2; i++) {
      ProducerRecord<byte[], byte[]> again = sound(clean);
      dirty.add(dirty.indexOf(again) + 1, again);
      replays++;
    }
    if (!before.isEmpty()) {
      dirty.add(random.nextInt(dirty.size()), sound(before));
      replays++;
    }
    before = clean;
    return dirty;
  }

  private void add(
      List<ProducerRecord<byte[], byte[]>> records,
      List<ProducerRecord<byte[], byte[]>> clean,
      Garbage kind) {
    ProducerRecord<byte[], byte[]> victim = sound(clean);
    while (!kind.spoils(victim.value())) {
      victim = sound(clean);
    }
    ProducerRecord<byte[], byte[]> garbage =
        new ProducerRecord<>(victim.topic(), victim.key(), kind.of(victim.value(), random));
    boolean ahead = kind.needsToBeFirst() || made % 2 == 0;
    records.add(ahead ? records.indexOf(victim) : random.nextInt(records.size() + 1), garbage);
    refused.merge(kind.reason(), 1L, Long::sum);
  }

  private ProducerRecord<byte[], byte[]> sound(List<ProducerRecord<byte[], byte[]>> clean) {
    return clean.get(random.nextInt(clean.size()));
  }

  /** How many records must be refused for each reason. */
  public Map<String, Long> refused() {
    return refused;
  }

  /** How many sound records were sent again. */
  public long replays() {
    return replays;
  }
}
