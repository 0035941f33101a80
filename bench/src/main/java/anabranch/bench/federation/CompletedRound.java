// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.federation;

import anabranch.protocol.message.RoundReport;
import anabranch.protocol.model.ModelManifest;
import java.util.Map;

/**
 * The federation after a round that made a version.
 *
 * @param version number of completed rounds
 * @param manifest of the model
 * @param weights flat vectors of all blocks, by block index
 * @param uplinkBytes what all clients have sent since the start, as stored records
 * @param downlinkBytes what all clients have read since the start, as stored records
 * @param slowestUplinkBytes for each round the most that one client had to send, added up
 * @param report of the round
 */
public record CompletedRound(
    long version,
    ModelManifest manifest,
    Map<Integer, float[]> weights,
    long uplinkBytes,
    long downlinkBytes,
    long slowestUplinkBytes,
    RoundReport report) {}
