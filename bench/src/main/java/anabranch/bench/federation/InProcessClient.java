// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.federation;

import anabranch.client.fleet.FleetClient;
import anabranch.client.link.StoredRecord;
import anabranch.client.round.ParticipantListener;
import anabranch.client.round.RoundWork;
import anabranch.client.round.UpdateSender;
import anabranch.client.state.ClientState;
import anabranch.client.state.EncodedParts;
import anabranch.client.topic.ModelCopy;
import anabranch.protocol.avro.Records;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.Plan;
import java.nio.charset.StandardCharsets;

/** A client whose records go straight to the job. */
final class InProcessClient {

  private static final String AGENT = "anabranch-fleet";

  /** Takes a record that a client wrote. */
  interface Log {
    void append(byte[] key, byte[] value);
  }

  private final String id;
  private final byte[] key;
  private final ClientState state;
  private final FleetClient client;
  private final PublishedModel.Reader model;
  private final RoundWork work;
  private long sent;
  private long announced;

  InProcessClient(
      String federation, String id, FleetClient client, PublishedModel published, Log updates) {
    this.id = id;
    this.key = id.getBytes(StandardCharsets.UTF_8);
    this.state = ClientState.inMemory(federation, id);
    this.client = client;
    this.model = published.new Reader();
    UpdateSender sender =
        parts -> {
          long before = sent;
          send(parts, updates);
          return sent - before;
        };
    this.work =
        // Who has the memory for a plan is settled by the cohort that is drawn.
        new RoundWork(
            id,
            state,
            new ModelCopy(model),
            client.data(),
            client.trainer(),
            0,
            sender,
            new NobodySitsOut());
  }

  private void send(EncodedParts parts, Log updates) {
    for (int part = 0; part < parts.count(); part++) {
      byte[] value = parts.part(part);
      sent += StoredRecord.bytes(key, value);
      updates.append(key, value);
    }
  }

  void checkIn(Log checkIns) {
    byte[] value =
        Records.encode(
            new ClientCheckIn(
                id,
                state.session(),
                ClientCheckIn.Status.READY,
                client.data().train().size(),
                client.memoryBytes(),
                AGENT));
    sent += StoredRecord.bytes(key, value);
    checkIns.append(key, value);
  }

  /**
   * @param recordBytes of the announcement as it is stored
   */
  void take(Announcement announcement, long recordBytes) {
    announced += recordBytes;
    work.take(announcement);
  }

  /** Trains and sends if the plan says so. */
  void advance() throws InterruptedException {
    work.advance();
  }

  /** Bytes of all that it has sent. */
  long uplinkBytes() {
    return sent;
  }

  /** Bytes of the announcements that it has read. */
  long announcementBytes() {
    return announced;
  }

  /** Bytes of all that it has read. */
  long downlinkBytes() {
    return announced + model.bytes();
  }

  /** A round without one of its clients would be compared with one that has it. */
  private static final class NobodySitsOut implements ParticipantListener {

    @Override
    public void satOut(Plan plan, RuntimeException cause) {
      throw new DivergedException("a client cannot train round " + plan.round(), cause);
    }
  }
}
