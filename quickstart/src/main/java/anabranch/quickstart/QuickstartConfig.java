// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart;

import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.protocol.message.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The federation's configuration that follows from a quickstart's settings. */
final class QuickstartConfig {

  private static final String FEDERATION = "quickstart";
  private static final String SOME_BROKER = "localhost:9092";

  private QuickstartConfig() {}

  /**
   * @param blockwise where the network is trained block by block
   * @throws ConfigException if a setting is not sound
   */
  static FederationConfig of(
      QuickstartSettings settings, Optional<BlockwiseTraining> blockwise, String bootstrapServers)
      throws ConfigException {
    TrainingSettings training = settings.training();
    List<String> keys =
        new ArrayList<>(
            List.of(
                "federation=" + FEDERATION,
                "seed=" + settings.seed(),
                "kafka.bootstrap-servers=" + bootstrapServers,
                "round.limit=" + settings.rounds(),
                "round.deadline=1min",
                "cohort.size=" + settings.cohort(),
                // Whom the seed draws must not depend on who checked in first.
                "cohort.min-available=" + settings.clients(),
                "training.epochs=" + training.epochs(),
                "training.batch-size=" + training.batchSize(),
                "training.learning-rate=" + training.learningRate(),
                "training.momentum=" + training.momentum(),
                "training.proximal=" + training.proximal(),
                "encoding.preset=" + settings.encoding(),
                "downlink.preset=" + settings.downlink()));
    blockwise.ifPresent(stages -> keys.addAll(stages.configuration()));
    return FederationConfigLoader.load(null, keys);
  }

  /**
   * @throws IllegalArgumentException if a setting is not sound; the message says which
   */
  static void demandSound(QuickstartSettings settings) {
    try {
      of(settings, Optional.empty(), SOME_BROKER);
    } catch (ConfigException e) {
      String problems =
          String.join(
              "; ",
              e.errors().stream()
                  .map(error -> flag(error.path()) + ": " + error.problem())
                  .toList());
      throw new IllegalArgumentException(problems, e);
    }
  }

  private static String flag(String path) {
    return switch (path) {
      case "encoding.preset" -> "--encoding";
      case "downlink.preset" -> "--downlink-preset";
      case "training.epochs" -> "--epochs";
      case "training.learning-rate" -> "--learning-rate";
      case "cohort.size" -> "--cohort";
      case "cohort.min-available" -> "--clients";
      default -> path;
    };
  }
}
