// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import anabranch.job.config.FederationConfig;
import anabranch.protocol.Bytes;
import anabranch.protocol.avro.Records;
import anabranch.protocol.avro.UpdateParts;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockGrid;
import anabranch.protocol.message.BlockSnapshot;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.ClientCheckIn;
import anabranch.protocol.message.ClientUpdate;
import anabranch.protocol.message.Contribution;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.ModelDelta;
import anabranch.protocol.message.ModelSegment;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.Receipt;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReceipts;
import anabranch.protocol.message.RoundReport;
import anabranch.protocol.message.StageMovement;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Records as the protocol would write them in a later round, with lengths that are right and
 * contents that are not: identities and times as long as they ever become, numbers of samples below
 * 2^20.
 */
final class SampleRecords {

  /** What the shipped client measures. */
  static final Map<String, Double> METRICS =
      Map.of(
          "loss", 0.0,
          "accuracy", 0.0,
          "seconds", 0.0,
          "heldOutLoss", 0.0,
          "heldOutAccuracy", 0.0,
          "heldOutSamples", 0.0,
          "peakMemoryBytes", 0.0);

  private static final long IDENTITY = Long.MAX_VALUE;
  private static final long NOW = 1_800_000_000_000L;
  private static final long LATE = 5_000;
  private static final long SAMPLES = 500_000;
  private static final Digest DIGEST = Digest.of(new byte[Digest.LENGTH]);

  /** Every segment's bytes are a run of this, since none is looked at. */
  private static final byte[] CONTENT = new byte[5 * Segment.MAX_LENGTH];

  private final Workload workload;
  private final FederationConfig config;

  SampleRecords(Workload workload) {
    this.workload = workload;
    this.config = workload.config();
  }

  /** Value bytes of the records of one client's update. */
  List<Long> update() {
    List<SegmentUpdate> segments = new ArrayList<>();
    for (Segment segment : workload.trainedSegments()) {
      segments.add(encoded(segment, config.encoding()));
    }
    ClientUpdate whole =
        new ClientUpdate(
            clientId(0), IDENTITY, IDENTITY, LATE, 0, 1, SAMPLES, METRICS, segments, null, null);
    return UpdateParts.split(whole).stream().map(Records::size).toList();
  }

  private SegmentUpdate encoded(Segment segment, EncodingSettings encoding) {
    Payload payload = Payload.of(workload.manifest(), segment, encoding);
    return new SegmentUpdate(
        segment.index(),
        segment.role() == Role.BUFFER ? Reference.WEIGHTS : config.encoding().reference(),
        payload.count(),
        payload.indexCode(),
        new Bytes(CONTENT, 0, (int) payload.indexBytes()),
        payload.valueCode(),
        new Bytes(CONTENT, 0, (int) payload.valueBytes()),
        payload.transform(),
        payload.group());
  }

  /**
   * Value bytes of what leads from one version of a segment to the next.
   *
   * @param encoding of the change
   */
  long change(Segment segment, EncodingSettings encoding) {
    SegmentUpdate change = encoded(segment, encoding);
    return Records.encode(new ModelDelta(segment.block(), LATE, LATE - 1, change)).length;
  }

  /** Value bytes of a segment's version. */
  long version(Segment segment) {
    return Records.size(
        new ModelSegment(
            segment.block(),
            segment.index(),
            LATE,
            new Bytes(CONTENT, 0, Float.BYTES * segment.length())));
  }

  long manifest() {
    return Records.encode(workload.manifest()).length;
  }

  long checkIn() {
    return Records.encode(
            new ClientCheckIn(
                clientId(0), IDENTITY, ClientCheckIn.Status.READY, SAMPLES, 1L << 32, agent()))
        .length;
  }

  /** As long as that of a released client. */
  static String agent() {
    return "anabranch 0.1.0";
  }

  /**
   * An announcement that closes a round and opens the next.
   *
   * @param opens whether it does open one
   */
  long announcement(boolean opens) {
    return Records.encode(
            new Announcement(
                config.federation(),
                1,
                LATE,
                LATE,
                DIGEST,
                IntStream.range(0, workload.manifest().blocks().size())
                    .mapToObj(b -> new BlockVersion(b, LATE, LATE, DIGEST, NOW, snapshot()))
                    .toList(),
                Announcement.State.RUNNING,
                "",
                opens ? plan() : null,
                new RoundReceipts(
                    IDENTITY,
                    LATE,
                    RoundOutcome.COMPLETED,
                    cohort().stream().map(id -> new Receipt(id, Outcome.FOLDED)).toList())))
        .length;
  }

  private BlockSnapshot snapshot() {
    return workload.downlink().isPresent() ? new BlockSnapshot(LATE, NOW) : null;
  }

  private Plan plan() {
    List<Integer> trained = workload.trained();
    return new Plan(
        IDENTITY,
        IDENTITY,
        LATE,
        cohort(),
        trained,
        workload.held(),
        1,
        0,
        0,
        config.cohort().requiredMemoryBytes(1),
        IDENTITY,
        config.round().deadline().toMillis(),
        config.training(),
        config.encoding(),
        trained.stream().map(b -> new BlockGrid(b, 16, -20)).toList(),
        config.round().maxSamples());
  }

  /** The report of a completed round. */
  long report() {
    long payload = workload.payload();
    long records = LATE * workload.drawn();
    Ledger ledger = new Ledger(records, records, 0, 0, 0, 0, 0, 0);
    return Records.encode(
            new RoundReport(
                config.federation(),
                1,
                LATE,
                IDENTITY,
                RoundOutcome.COMPLETED,
                LATE,
                1,
                0,
                0,
                workload.trained(),
                workload.clients(),
                cohort(),
                config.round().quorum(),
                "",
                cohort().stream()
                    .limit(workload.folded())
                    .map(id -> new Contribution(id, SAMPLES, payload, METRICS))
                    .toList(),
                METRICS,
                NOW,
                NOW,
                NOW,
                NOW,
                NOW,
                payload * workload.drawn(),
                payload * workload.folded(),
                payload * workload.folded(),
                0,
                ledger,
                ledger,
                config.schedule().freeze() == null ? null : new StageMovement(0.0, 0.0, false)))
        .length;
  }

  private List<String> cohort() {
    return IntStream.range(0, workload.drawn()).mapToObj(this::clientId).toList();
  }

  /** Of the wanted length, zeros in front; where that is too short they are not unique. */
  private String clientId(int number) {
    String padded = "0".repeat(workload.idLength()) + number;
    return padded.substring(padded.length() - workload.idLength());
  }
}
