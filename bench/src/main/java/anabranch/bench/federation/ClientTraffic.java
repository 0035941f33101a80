// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.federation;

import anabranch.client.link.Traffic;
import anabranch.client.round.ParticipantListener;
import anabranch.protocol.message.Plan;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** What one client has sent and read, by the round that it last answered. */
final class ClientTraffic implements ParticipantListener {

  private final ConcurrentNavigableMap<Long, Traffic> byRound = new ConcurrentSkipListMap<>();
  private volatile long answered;
  private volatile Throwable failure;

  @Override
  public void sent(Plan plan, long samples, Map<String, Double> metrics, long recordBytes) {
    answered = plan.round();
  }

  @Override
  public void traffic(Traffic total) {
    byRound.put(answered, total);
  }

  /** A round without one of its clients would be compared with one that has it. */
  @Override
  public void satOut(Plan plan, RuntimeException cause) {
    failure = new DivergedException("a client cannot train round " + plan.round(), cause);
  }

  @Override
  public void stopped(Throwable cause) {
    failure = cause;
  }

  /** Since the start, up to a round's end. */
  Traffic until(long round) {
    Map.Entry<Long, Traffic> entry = byRound.floorEntry(round);
    return entry == null ? Traffic.NONE : entry.getValue();
  }

  /**
   * @throws DivergedException if this client could not train a round that drew it
   * @throws IllegalStateException if it has stopped
   */
  void demandHealth() {
    if (failure instanceof DivergedException diverged) {
      throw diverged;
    }
    if (failure != null) {
      throw new IllegalStateException("a client cannot go on: " + failure.getMessage(), failure);
    }
  }
}
