// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import anabranch.job.config.KafkaConfig;
import anabranch.kafka.topics.Setting;
import anabranch.kafka.topics.TopicSettings;
import anabranch.protocol.message.Announcement;
import java.util.List;

/** Bytes at rest, of one copy of each topic. */
final class TopicStorage {

  /** Kafka's own, where the table of topics says nothing. */
  private static final String DIRTY_RATIO = "0.5";

  private final Workload workload;
  private final RoundTraffic traffic;
  private final List<TopicSettings> topics;

  /**
   * @param topics of the federation, with all their settings
   */
  TopicStorage(Workload workload, RoundTraffic traffic, List<TopicSettings> topics) {
    this.workload = workload;
    this.traffic = traffic;
    this.topics = topics;
  }

  private String setting(String topic, String key, String otherwise) {
    return topics.stream()
        .filter(t -> t.name().equals(topic))
        .flatMap(t -> t.settings().stream())
        .filter(setting -> setting.key().equals(key))
        .map(Setting::value)
        .findFirst()
        .orElse(otherwise);
  }

  private double days(String topic, String key) {
    return Long.parseLong(setting(topic, key, "0")) / 86_400_000.0;
  }

  /** The ring of versions, when everything that can be compacted has been. */
  long modelCompacted() {
    long versions = traffic.wholeModel() - traffic.manifest();
    return workload.manifest().ring() * versions + traffic.manifest();
  }

  /** The ring before a pass: stale versions up to the dirty ratio, and the segments in use. */
  double modelMost() {
    String topic = workload.config().topics().model();
    return compactedMost(topic, modelCompacted(), partitions().model());
  }

  private double compactedMost(String topic, double compacted, int partitions) {
    double dirty = Double.parseDouble(setting(topic, "min.cleanable.dirty.ratio", DIRTY_RATIO));
    return compacted / (1 - dirty)
        + (double) partitions * Long.parseLong(setting(topic, "segment.bytes", "0"));
  }

  /** Updates that are younger than their time. */
  double updates() {
    return perDay(traffic.up()) * days(workload.config().topics().updates(), "retention.ms");
  }

  /** Updates with those that wait for the rest of their log segment. */
  double updatesMost() {
    return updates()
        + perDay(traffic.up()) * days(workload.config().topics().updates(), "segment.ms");
  }

  /** Changes of versions that are younger than their time. */
  double deltas() {
    return perDay(traffic.changes()) * days(workload.config().topics().deltas(), "retention.ms");
  }

  /** Changes with those that wait for the rest of their log segment. */
  double deltasMost() {
    return deltas()
        + perDay(traffic.changes()) * days(workload.config().topics().deltas(), "segment.ms");
  }

  long plansCompacted() {
    return Announcement.RING * traffic.announcement();
  }

  double plansMost() {
    return compactedMost(workload.config().topics().plans(), plansCompacted(), 1);
  }

  double rounds() {
    return perDay(traffic.report()) * days(workload.config().topics().rounds(), "retention.ms");
  }

  long clientsCompacted() {
    return workload.clients() * traffic.checkIn();
  }

  double clientsMost() {
    return compactedMost(
        workload.config().topics().clients(), clientsCompacted(), partitions().clients());
  }

  private double perDay(long aRound) {
    return aRound * workload.roundsADay();
  }

  private KafkaConfig.Partitions partitions() {
    return workload.config().kafka().partitions();
  }

  /** Disk of all brokers together. */
  double disk() {
    return workload.config().kafka().replicationFactor()
        * (modelMost() + updatesMost() + deltasMost() + plansMost() + rounds() + clientsMost());
  }
}
