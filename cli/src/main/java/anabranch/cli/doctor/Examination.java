// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import anabranch.job.config.FederationConfig;
import anabranch.kafka.topics.TopicSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What is looked at: a federation's configuration, its Kafka cluster and its Flink cluster. */
public final class Examination implements AutoCloseable {

  private final FederationConfig config;
  private final KafkaSide kafka;
  private final FlinkSide flink;

  /**
   * @param topics as the configuration wants them
   * @param flink address of Flink's REST API, without which Flink is not looked at
   * @param jobJar that is submitted to Flink
   * @param parallelism that the job is to run with; empty for the cluster's default
   */
  public Examination(
      FederationConfig config,
      List<TopicSettings> topics,
      Optional<URI> flink,
      Path jobJar,
      OptionalInt parallelism) {
    this.config = config;
    this.kafka = new KafkaSide(config, topics);
    this.flink = new FlinkSide(config, flink, jobJar, parallelism);
  }

  FederationConfig config() {
    return config;
  }

  KafkaSide kafka() {
    return kafka;
  }

  FlinkSide flink() {
    return flink;
  }

  @Override
  public void close() {
    kafka.close();
  }
}
