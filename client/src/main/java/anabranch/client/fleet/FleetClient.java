// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

import anabranch.client.data.LocalData;
import anabranch.client.train.LocalTrainer;
import java.util.List;

/**
 * What makes a member of a fleet different from the others.
 *
 * @param data its samples
 * @param memoryBytes memory that it declares, in bytes; 0 when it does not say
 * @param trainer that it trains with; members may share one, which is not closed with the fleet
 */
public record FleetClient(LocalData data, long memoryBytes, LocalTrainer trainer) {

  /** Clients that say nothing of their memory and share a trainer. */
  public static List<FleetClient> sharing(LocalTrainer trainer, List<LocalData> shares) {
    return shares.stream().map(share -> new FleetClient(share, 0, trainer)).toList();
  }
}
