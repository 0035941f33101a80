// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.job.config.FederationConfigLoader;
import anabranch.job.kafka.FederationHead;
import anabranch.udf.round.FederationPolicy;
import anabranch.udf.similarity.Nd4jCheck;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * The entry point of the jar: {@code flink run job.jar --config federation.yaml}.
 *
 * <p>Where the file of the submitter cannot be read, as with an upload to the web UI, every key can
 * be given by {@code --set}.
 */
@Command(
    name = "anabranch-job",
    mixinStandardHelpOptions = true,
    description = "Runs a federation: reads client updates from Kafka, publishes the model.")
public final class Main {

  @Option(names = "--config", paramLabel = "FILE", description = "federation.yaml")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "sets one key, over the file's; may be repeated")
  private List<String> settings = List.of();

  @Option(
      names = "--rollback",
      description = "goes on from a state that is older than the topics, under a new incarnation")
  private boolean rollback;

  private Main() {}

  /**
   * Submits the job.
   *
   * @throws SubmissionException if the topics or the model are missing
   */
  public static void main(String[] args) throws Exception {
    Main main = new Main();
    CommandLine command = new CommandLine(main);
    try {
      CommandLine.ParseResult parsed = command.parseArgs(args);
      if (CommandLine.printHelpIfRequested(parsed)) {
        return;
      }
    } catch (ParameterException e) {
      throw new SubmissionException(e.getMessage() + ". Try --help");
    }
    main.run();
  }

  private void run() throws Exception {
    FederationConfig config = config();
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    define(env, config, rollback);
    env.execute(jobName(config));
  }

  /** What Flink calls the job of a federation. */
  public static String jobName(FederationConfig config) {
    return "anabranch: " + config.federation();
  }

  private FederationConfig config() {
    try {
      return FederationConfigLoader.load(file, settings);
    } catch (ConfigException e) {
      throw new SubmissionException(e.getMessage(), e);
    }
  }

  private static void demandNd4j() {
    try {
      Nd4jCheck.demand("report.similarity");
    } catch (IllegalStateException e) {
      throw new SubmissionException(e.getMessage(), e);
    }
  }

  /**
   * Looks at the topics and adds the federation's operators to an environment.
   *
   * @throws SubmissionException if the topics or the model are missing, or the configuration is for
   *     another model
   */
  public static void define(
      StreamExecutionEnvironment env, FederationConfig config, boolean rollback) {
    if (config.reportSimilarity()) {
      demandNd4j();
    }
    FederationHead head = FederationHead.read(config.topics(), config.kafka().clientProperties());
    try {
      config.policy(FederationPolicy.AUTO_HOLD_BUDGET).demandFits(head.manifest());
    } catch (IllegalArgumentException e) {
      throw new SubmissionException(e.getMessage(), e);
    }
    new FederatedLearningJob(config, head, rollback).define(env);
  }
}
