// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.round.ParticipantListener;
import anabranch.client.round.ParticipantSettings;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Prints what a participant does, and keeps why it gave up. */
final class ClientLog implements ParticipantListener {

  private final String servers;
  private final PrintWriter out;
  private final CompletableFuture<Throwable> stop = new CompletableFuture<>();

  /**
   * @param servers of the cluster, to be named when it is away
   */
  ClientLog(String servers, PrintWriter out) {
    this.servers = servers;
    this.out = out;
  }

  /** Waits until the participant gives up, and returns why. */
  Throwable awaitStop() throws InterruptedException {
    try {
      return stop.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the wait for the end never fails", e);
    }
  }

  /** A failure's message and that of what is behind it: Kafka's own often says only where. */
  static String words(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String words = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return root == failure || root.getMessage() == null || words.contains(root.getMessage())
        ? words
        : words + ": " + root.getMessage();
  }

  /** Says where it goes. */
  void begin(ParticipantSettings settings) {
    say(
        "connects to federation '%s' at %s; state in %s",
        settings.topics().federation(), servers, settings.state());
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
  public void receiptLost(long round) {
    say("round %d: what became of the update cannot be known any more", round);
  }

  @Override
  public void satOut(Plan plan, RuntimeException cause) {
    say("round %d: sat out, %s", plan.round(), words(cause));
  }

  @Override
  public void troubled(RuntimeException cause) {
    say("trouble with %s, tries again until it works: %s", servers, words(cause));
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
