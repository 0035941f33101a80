// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.round.ParticipantListener;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Prints what a participant does, and keeps why it gave up. */
final class ClientLog implements ParticipantListener {

  private final PrintWriter out;
  private final CompletableFuture<Throwable> stop = new CompletableFuture<>();

  ClientLog(PrintWriter out) {
    this.out = out;
  }

  /** Waits until the participant gives up, and returns why. */
  Throwable awaitStop() {
    return stop.join();
  }

  @Override
  public void checkedIn(ClientCheckIn checkIn) {
    say("checked in as %s with %,d samples", checkIn.clientId(), checkIn.samples());
  }

  @Override
  public void drawn(Plan plan) {
    say("round %d: drawn, trains blocks %s", plan.round(), plan.trainBlocks());
  }

  @Override
  public void sent(Plan plan, long samples, Map<String, Double> metrics, long recordBytes) {
    say("round %d: sent %,d bytes, %s", plan.round(), recordBytes, new TreeMap<>(metrics));
  }

  @Override
  public void receipt(long round, Optional<Outcome> outcome) {
    say("round %d: %s", round, outcome.map(Outcome::name).orElse("the job had nothing from here"));
  }

  @Override
  public void satOut(Plan plan, RuntimeException cause) {
    say("round %d: sat out, %s", plan.round(), cause.getMessage());
  }

  @Override
  public void troubled(RuntimeException cause) {
    say("tries again until it works: %s", cause.getMessage());
  }

  @Override
  public void recovered() {
    say("goes on");
  }

  @Override
  public void stopped(Throwable cause) {
    stop.complete(cause);
  }

  private void say(String what, Object... arguments) {
    out.println(what.formatted(arguments));
    out.flush();
  }
}
