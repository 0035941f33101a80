// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import anabranch.client.link.Traffic;
import anabranch.client.round.ParticipantListener;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/** Writes what a participant does to the process that started it. */
record MemberVoice(PrintStream out) implements ParticipantListener {

  @Override
  public void checkedIn(ClientCheckIn checkIn) {
    say(new MemberEvent.CheckedIn(checkIn));
  }

  @Override
  public void drawn(Plan plan) {
    say(new MemberEvent.Drawn(plan));
  }

  @Override
  public void sent(Plan plan, long samples, Map<String, Double> metrics, long recordBytes) {
    say(new MemberEvent.Sent(plan, samples, metrics, recordBytes));
  }

  @Override
  public void receipt(long round, Optional<Outcome> outcome) {
    say(new MemberEvent.Receipt(round, outcome.orElse(null)));
  }

  @Override
  public void receiptLost(long round) {
    say(new MemberEvent.ReceiptLost(round));
  }

  @Override
  public void traffic(Traffic total) {
    say(new MemberEvent.Traffic(total.uplinkBytes(), total.downlinkBytes()));
  }

  @Override
  public void satOut(Plan plan, RuntimeException cause) {
    say(new MemberEvent.SatOut(plan, words(cause)));
  }

  @Override
  public void troubled(RuntimeException cause) {
    say(new MemberEvent.Troubled(words(cause)));
  }

  @Override
  public void recovered() {
    say(new MemberEvent.Recovered());
  }

  @Override
  public void stopped(Throwable cause) {
    say(new MemberEvent.Stopped(words(cause)));
  }

  private static String words(Throwable cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private void say(MemberEvent event) {
    out.println(MemberJson.write(event));
    out.flush();
  }
}
