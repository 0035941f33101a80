// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.data.Partition;
import anabranch.client.model.Architecture;
import java.nio.file.Path;

/**
 * What a quickstart runs.
 *
 * @param clients simulated clients, at least the cohort
 * @param cohort clients a round
 * @param rounds completed rounds after which it ends
 * @param partition how the training images are divided among the clients
 * @param architecture the network
 * @param epochs passes over a client's images in a round
 * @param learningRate of the clients
 * @param encoding name of the encoding preset
 * @param seed of everything that is drawn
 * @param webPort port of Flink's web UI
 * @param brokerPort port of the broker, 0 for a free one
 * @param parallelism of the job
 * @param keepRunning whether broker and web UI stay up when the rounds are done
 * @param directory where the broker's data and the checkpoints lie; deleted at the end
 */
public record QuickstartSettings(
    int clients,
    int cohort,
    int rounds,
    Partition partition,
    Architecture architecture,
    int epochs,
    double learningRate,
    String encoding,
    long seed,
    int webPort,
    int brokerPort,
    int parallelism,
    boolean keepRunning,
    Path directory) {

  public QuickstartSettings {
    demand(cohort >= 1, "--cohort must be at least 1, not " + cohort);
    demand(rounds >= 1, "--rounds must be at least 1, not " + rounds);
    demand(
        clients >= cohort,
        "--clients %d are fewer than --cohort %d: add clients or draw fewer"
            .formatted(clients, cohort));
    demand(webPort >= 1 && webPort <= 65_535, "--web-port must be 1 to 65535, not " + webPort);
  }

  private static void demand(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
