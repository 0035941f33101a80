// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Digest;
import anabranch.protocol.model.ModelManifest;
import anabranch.udf.message.Draft;
import anabranch.udf.round.RoundClosing.Closed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Drafts announcements, each with the next sequence number. */
final class Announcer {

  private final ModelManifest manifest;
  private final FederationPolicy policy;
  private final Digest manifestDigest;
  private final CoordinatorState state;
  private final Consumer<Draft> output;

  Announcer(
      ModelManifest manifest,
      FederationPolicy policy,
      Digest manifestDigest,
      CoordinatorState state,
      Consumer<Draft> output) {
    this.manifest = manifest;
    this.policy = policy;
    this.manifestDigest = manifestDigest;
    this.state = state;
    this.output = output;
  }

  /**
   * @param closed the round that was closed with it, or null
   */
  void announce(Closed closed) {
    state.sequence++;
    if (closed != null) {
      state.newestReceipts = closed.receipts();
    }
    output.accept(
        new Draft(
            Announcements.of(
                state,
                policy.federation(),
                manifestDigest,
                closed == null ? null : closed.receipts()),
            closed == null ? null : closed.report(),
            closed == null ? List.of() : closed.awaited()));
  }

  /**
   * Has all blocks published whole under the versions that they have.
   *
   * @param closed the round that was closed with it, or null
   */
  void republishAll(Closed closed) {
    republish(IntStream.range(0, state.blocks.size()).boxed().toList(), List.of(), closed);
  }

  /**
   * Has blocks published whole under the versions that they have.
   *
   * @param rebuilt those that must come out with the digests that they have
   * @param closed the round that was closed with it, or null
   */
  void republish(Collection<Integer> blocks, List<Integer> rebuilt, Closed closed) {
    List<BlockVersion> versions = new ArrayList<>(state.blocks);
    for (int index : blocks) {
      BlockVersion block = versions.get(index);
      state.orders.republish(manifest.segmentsOf(index), block, state.sequence + 1);
      versions.set(index, Versions.whole(block, policy.downlink()));
    }
    state.blocks = versions;
    state.sequence++;
    if (closed != null) {
      state.newestReceipts = closed.receipts();
    }
    output.accept(
        new Draft(
            Announcements.of(state, policy.federation(), manifestDigest, state.newestReceipts),
            closed == null ? null : closed.report(),
            List.copyOf(blocks),
            rebuilt));
  }
}
