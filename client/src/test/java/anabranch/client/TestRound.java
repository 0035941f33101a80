// SPDX-License-Identifier: Apache-2.0
package anabranch.client;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.message.Outcome;
import anabranch.protocol.message.Plan;
import anabranch.protocol.message.Receipt;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReceipts;
import anabranch.protocol.message.TrainingSettings;
import anabranch.protocol.model.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a job would announce to the client ann, with the round as the plan's identity. */
public final class TestRound {

  private TestRound() {}

  /** A plan for ann that trains some blocks; its seed differs from round to round. */
  public static Plan plan(long round, List<Integer> trainBlocks, EncodingSettings encoding) {
    return new Plan(
        round,
        round - 1,
        round,
        List.of("ann"),
        trainBlocks,
        List.of(),
        1,
        0,
        0,
        0,
        42 + round,
        1_000,
        new TrainingSettings(1, 20, 0.1, 0, 0, Map.of()),
        encoding,
        List.of(),
        1_000);
  }

  /**
   * The announcement that opens a plan's round, with every block at the same version.
   *
   * @param model from which the manifest's digest is made
   */
  public static Announcement opening(Plan plan, String model, int blocks, long version) {
    return announcement(plan.round(), model, blocks, version, plan, null);
  }

  /**
   * The announcement that closes a plan's round and opens none.
   *
   * @param outcome of ann's update, null if she is not listed
   */
  public static Announcement closing(Plan plan, String model, int blocks, Outcome outcome) {
    List<Receipt> receipts = outcome == null ? List.of() : List.of(new Receipt("ann", outcome));
    return announcement(
        plan.round() + 1,
        model,
        blocks,
        plan.round(),
        null,
        new RoundReceipts(plan.planId(), plan.round(), RoundOutcome.COMPLETED, receipts));
  }

  private static Announcement announcement(
      long sequence, String model, int blocks, long version, Plan plan, RoundReceipts receipts) {
    byte[] name = model.getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.ofContent(name, 0, name.length);
    return new Announcement(
        "demo",
        0,
        sequence,
        version,
        digest,
        IntStream.range(0, blocks)
            .mapToObj(block -> new BlockVersion(block, version, version, digest, 0))
            .toList(),
        Announcement.State.RUNNING,
        "",
        plan,
        receipts);
  }
}
