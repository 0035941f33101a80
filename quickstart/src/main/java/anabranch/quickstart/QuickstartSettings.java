// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.client.data.DatasetCatalog;
import anabranch.client.data.Partition;
import anabranch.client.link.Bandwidth;
import anabranch.protocol.message.TrainingSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a quickstart runs.
 *
 * @param clients simulated clients, at least the cohort
 * @param cohort clients a round
 * @param rounds completed rounds after which it ends
 * @param partition how the training samples are divided among the clients
 * @param dataset what they train on
 * @param data folder of the data set's files, null for the shipped ones
 * @param architecture label of the network, null for the one that suits the data set
 * @param scalefl whether the network is trained block by block by clients of little memory
 * @param epochs passes over a client's samples in a round
 * @param learningRate of the clients
 * @param encoding name of the preset by which updates are encoded
 * @param downlink name of the preset by which changes of versions are, {@code none} to publish each
 *     version whole
 * @param seed of everything that is drawn
 * @param webPort port of Flink's web UI
 * @param brokerPort port of the broker, 0 for a free one
 * @param parallelism of the job
 * @param processes whether each client has a JVM of its own
 * @param uplink how fast each client sends
 * @param keepRunning whether everything stays up when the rounds are done
 * @param directory where the broker's data and the checkpoints lie; whoever gives it deletes it
 * @param output where the model and the report are put; made when missing
 */
public record QuickstartSettings(
    int clients,
    int cohort,
    int rounds,
    Partition partition,
    DatasetCatalog dataset,
    Path data,
    String architecture,
    boolean scalefl,
    int epochs,
    double learningRate,
    String encoding,
    String downlink,
    long seed,
    int webPort,
    int brokerPort,
    int parallelism,
    boolean processes,
    Bandwidth uplink,
    boolean keepRunning,
    Path directory,
    Path output) {

  private static final int MOST_CLIENTS = 1_000;
  private static final int MOST_SLOTS = 128;

  public QuickstartSettings {
    within("--clients", clients, 1, MOST_CLIENTS);
    within("--cohort", cohort, 1, MOST_CLIENTS);
    within("--rounds", rounds, 1, 1_000_000);
    within("--epochs", epochs, 1, 1_000);
    within("--web-port", webPort, 1, 65_535);
    within("--broker-port", brokerPort, 0, 65_535);
    within("--parallelism", parallelism, 1, MOST_SLOTS);
    demand(
        learningRate > 0 && learningRate <= 100,
        "--learning-rate must be above 0 and at most 100, not " + learningRate);
    demand(
        clients >= cohort,
        "--cohort %d is more than --clients %d: draw fewer, or add clients"
            .formatted(cohort, clients));
    demand(
        webPort != brokerPort,
        "--web-port and --broker-port are both %d: choose two".formatted(webPort));
  }

  /** How clients train: what suits the data set, with this run's epochs and learning rate. */
  TrainingSettings training() {
    TrainingSettings usual = dataset.defaults().training();
    return new TrainingSettings(
        epochs, usual.batchSize(), learningRate, usual.momentum(), usual.proximal(), Map.of());
  }

  private static void within(String flag, int value, int least, int most) {
    demand(
        value >= least && value <= most,
        "%s must be from %d to %d, not %d".formatted(flag, least, most, value));
  }

  private static void demand(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
