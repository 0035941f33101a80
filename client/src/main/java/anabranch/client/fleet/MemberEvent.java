// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import anabranch.client.round.ParticipantListener;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;
import java.util.Optional;

/** What a member's process tells, each as a line of JSON; one for each method of the listener. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(MemberEvent.CheckedIn.class),
  @JsonSubTypes.Type(MemberEvent.Drawn.class),
  @JsonSubTypes.Type(MemberEvent.Sent.class),
  @JsonSubTypes.Type(MemberEvent.Receipt.class),
  @JsonSubTypes.Type(MemberEvent.ReceiptLost.class),
  @JsonSubTypes.Type(MemberEvent.Traffic.class),
  @JsonSubTypes.Type(MemberEvent.SatOut.class),
  @JsonSubTypes.Type(MemberEvent.Troubled.class),
  @JsonSubTypes.Type(MemberEvent.Recovered.class),
  @JsonSubTypes.Type(MemberEvent.Stopped.class)
})
sealed interface MemberEvent {

  /** Tells it to the listener in the process that started the fleet. */
  void tell(ParticipantListener listener);

  record CheckedIn(ClientCheckIn checkIn) implements MemberEvent {
    @Override
    public void tell(ParticipantListener listener) {
      listener.checkedIn(checkIn);
    }
  }

  record Drawn(Plan plan) implements MemberEvent {
    @Override
    public void tell(ParticipantListener listener) {
      listener.drawn(plan);
    }
  }

  record Sent(Plan plan, long samples, Map<String, Double> metrics, long recordBytes)
      implements MemberEvent {
    @Override
    public void tell(ParticipantListener listener) {
      listener.sent(plan, samples, metrics, recordBytes);
    }
  }

  /**
   * @param outcome null when the job had nothing acceptable
   */
  record Receipt(long round, Outcome outcome) implements MemberEvent {
    @Override
    public void tell(ParticipantListener listener) {
      listener.receipt(round, Optional.ofNullable(outcome));
    }
  }

  record ReceiptLost(long round) implements MemberEvent {
    @Override
    public void tell(ParticipantListener listener) {
      listener.receiptLost(round);
    }
  }

  record Traffic(long uplinkBytes, long downlinkBytes) implements MemberEvent {
    anabranch.client.link.Traffic total() {
      return new anabranch.client.link.Traffic(uplinkBytes, downlinkBytes);
    }

    @Override
    public void tell(ParticipantListener listener) {
      listener.traffic(total());
    }
  }

  record SatOut(Plan plan, String cause) implements MemberEvent {
    @Override
    public void tell(ParticipantListener listener) {
      listener.satOut(plan, new MemberFailure(cause));
    }
  }

  record Troubled(String cause) implements MemberEvent {
    @Override
    public void tell(ParticipantListener listener) {
      listener.troubled(new MemberFailure(cause));
    }
  }

  record Recovered() implements MemberEvent {
    @Override
    public void tell(ParticipantListener listener) {
      listener.recovered();
    }
  }

  record Stopped(String cause) implements MemberEvent {
    @Override
    public void tell(ParticipantListener listener) {
      listener.stopped(new MemberFailure(cause));
    }
  }
}
