// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import anabranch.job.CheckpointSchedule;
import anabranch.job.config.FederationConfig;
import anabranch.protocol.model.ModelManifest;
import anabranch.protocol.model.Segment;
import anabranch.protocol.model.Stage;
import anabranch.udf.round.CohortLimits;
import anabranch.udf.round.DownlinkPolicy;
import anabranch.udf.round.FederationPolicy;
import anabranch.udf.round.UpdateSize;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What is to be sized. */
public final class Workload {

  private final ModelManifest manifest;
  private final FederationConfig config;
  private final int clients;
  private final int idLength;
  private final Duration roundTime;
  private final long slotBytesPerSecond;
  private final DownlinkPolicy downlink;
  private final Stage largest;

  /**
   * @param manifest of the model
   * @param config of the federation
   * @param clients N that have checked in, all of them eligible
   * @param idLength letters of a client's id, 1 to 128
   * @param roundTime T from one plan to the next
   * @param slotBytesPerSecond v, update bytes that one slot takes in a second
   * @throws IllegalArgumentException if no job could run such rounds
   */
  public Workload(
      ModelManifest manifest,
      FederationConfig config,
      int clients,
      int idLength,
      Duration roundTime,
      long slotBytesPerSecond) {
    this.manifest = manifest;
    this.config = config;
    this.clients = clients;
    this.idLength = idLength;
    this.roundTime = roundTime;
    this.slotBytesPerSecond = slotBytesPerSecond;
    FederationPolicy policy = config.policy(FederationPolicy.AUTO_HOLD_BUDGET);
    this.downlink = policy.downlink();
    if (clients < config.cohort().minAvailable()) {
      throw new IllegalArgumentException(
          "a round opens with cohort.min-available = %d clients and there are %d: add clients, or lower it"
              .formatted(config.cohort().minAvailable(), clients));
    }
    Duration shortest = checkpointInterval();
    if (roundTime.compareTo(shortest) < 0) {
      throw new IllegalArgumentException(
          ("a plan becomes visible with a checkpoint, every %s here, so a round cannot take %s: at most"
                  + " %,d rounds a day; checkpoint.interval sets it")
              .formatted(
                  words(shortest), words(roundTime), Duration.ofDays(1).dividedBy(shortest)));
    }
    policy.demandFits(manifest);
    largest =
        config.schedule().stages(manifest).stream()
            .max(Comparator.comparingLong(stage -> mostBytes(stage.trainBlocks())))
            .orElseThrow();
  }

  private static String words(Duration duration) {
    return duration.toMillis() / 1e3 + " s";
  }

  /** Blocks of the stage whose updates are largest: all figures are of its rounds. */
  List<Integer> trained() {
    return largest.trainBlocks();
  }

  /** Blocks that this stage needs and does not train. */
  List<Integer> held() {
    return largest.holdBlocks();
  }

  /** Number of stages. */
  int stages() {
    return config.schedule().stages(manifest).size();
  }

  private long mostBytes(List<Integer> blocks) {
    return UpdateSize.most(manifest, blocks, config.encoding());
  }

  /** The segments of {@link #trained()}. */
  List<Segment> trainedSegments() {
    return trained().stream().flatMap(block -> manifest.segmentsOf(block).stream()).toList();
  }

  /** Pt, the parameters of these. */
  long trainedParameters() {
    return trainedSegments().stream().mapToLong(Segment::length).sum();
  }

  /** U, index and value bytes of an update. */
  long payload() {
    return trainedSegments().stream()
        .mapToLong(segment -> Payload.of(manifest, segment, config.encoding()).bytes())
        .sum();
  }

  /** Payload that the job lets an update of these blocks have. */
  long mostPayload() {
    return mostBytes(trained());
  }

  /**
   * D, the clients that a round draws.
   *
   * @throws IllegalArgumentException if the hold budget does not admit a quorum
   */
  int drawn() {
    int wanted = config.cohort().drawn(clients);
    int held =
        config.holdBudgetBytes().isPresent()
            ? CohortLimits.affordable(
                config.round().parts(), config.holdBudgetBytes().getAsLong(), mostPayload())
            : Integer.MAX_VALUE;
    if (held < config.round().quorum()) {
      throw new IllegalArgumentException(
          ("hold.budget of %,d bytes holds %d updates of %,d bytes and round.quorum needs %d: the job"
                  + " would refuse to start; raise hold.budget to %,d bytes, or lower the quorum")
              .formatted(
                  config.holdBudgetBytes().getAsLong(),
                  held,
                  mostPayload(),
                  config.round().quorum(),
                  mostPayload() * config.round().quorum()));
    }
    int announced = CohortLimits.announceable(idLength);
    if (announced < config.round().quorum()) {
      throw new IllegalArgumentException(
          ("a plan has room for %d clients with ids of %d letters and round.quorum is %d: the rounds"
                  + " would all fail; lower the quorum, or shorten the ids")
              .formatted(announced, idLength, config.round().quorum()));
    }
    return Math.min(wanted, Math.min(held, announced));
  }

  /** K, the updates that a round folds. */
  int folded() {
    return Math.min(config.cohort().size(), drawn());
  }

  /** How changes of versions travel, empty where each version travels whole. */
  Optional<DownlinkPolicy> downlink() {
    return Optional.ofNullable(downlink);
  }

  /** w, versions of a block until one is published whole again; every stage has its turn. */
  long versionsToWhole() {
    if (downlink == null) {
      return 1;
    }
    long ofABlock = roundTime.toMillis() * stages();
    long young = (downlink.longestSnapshotAge().toMillis() + ofABlock - 1) / ofABlock;
    return Math.max(1, Math.min(downlink.snapshotEvery(), young));
  }

  double roundsADay() {
    return (double) Duration.ofDays(1).toMillis() / roundTime.toMillis();
  }

  Duration checkpointInterval() {
    return config.checkpoint().interval().orElseGet(() -> CheckpointSchedule.auto(manifest));
  }

  ModelManifest manifest() {
    return manifest;
  }

  FederationConfig config() {
    return config;
  }

  int clients() {
    return clients;
  }

  int idLength() {
    return idLength;
  }

  Duration roundTime() {
    return roundTime;
  }

  long slotBytesPerSecond() {
    return slotBytesPerSecond;
  }
}
