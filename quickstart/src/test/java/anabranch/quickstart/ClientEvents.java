// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.round.ParticipantListener;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a client tells, waited for with a deadline. */
final class ClientEvents implements ParticipantListener {

  private static final long PATIENCE_SECONDS = 60;

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  /** Waits for an event; those before it are forgotten. */
  void await(String wanted) throws InterruptedException {
    List<String> others = new ArrayList<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      String event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new AssertionError("'%s' did not come, only %s".formatted(wanted, others));
      }
      if (event.equals(wanted)) {
        return;
      }
      others.add(event);
    }
  }

  void forget() {
    events.clear();
  }

  @Override
  public void checkedIn(ClientCheckIn checkIn) {
    events.add("checked in");
  }

  @Override
  public void sent(Plan plan, long samples, Map<String, Double> metrics, long recordBytes) {
    events.add("sent %d".formatted(plan.round()));
  }

  @Override
  public void receipt(long round, Optional<Outcome> outcome) {
    events.add("receipt %d %s".formatted(round, outcome.map(Outcome::name).orElse("none")));
  }

  @Override
  public void receiptLost(long round) {
    events.add("receipt %d lost".formatted(round));
  }

  @Override
  public void satOut(Plan plan, RuntimeException cause) {
    events.add("sat out %d: %s".formatted(plan.round(), cause.getMessage()));
  }

  @Override
  public void stopped(Throwable cause) {
    events.add("stopped: " + cause.getMessage());
  }
}
