// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

import anabranch.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The topics of a federation, every setting with its reason. {@code docs/topics.md} shows the same
 * table; a test keeps the two equal.
 *
 * <p>Limits on the size of records are not touched: records stay under 900 kB, below Kafka's own
 * limits, so that an untouched or a managed cluster will do.
 */
public final class TopicTable {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final int MIB = 1 << 20;
  private static final String TIMESTAMP = "message.timestamp.type";
  private static final String SLOW_TOPIC =
      "a slow topic is compacted too: its segment in use is closed at the first record after this"
          + " time, and cleaned however little there is to gain";

  private final Topics topics;
  private final TopicParameters parameters;

  private TopicTable(Topics topics, TopicParameters parameters) {
    this.topics = topics;
    this.parameters = parameters;
  }

  /** The table for a federation, in the order in which data flow. */
  public static List<TopicSettings> of(Topics topics, TopicParameters parameters) {
    TopicTable table = new TopicTable(topics, parameters);
    return List.of(
        table.clients(),
        table.updates(),
        table.model(),
        table.deltas(),
        table.plans(),
        table.rounds(),
        table.rejected(),
        table.control());
  }

  private TopicSettings clients() {
    return topic(
        topics.clients(),
        "check-ins, key = client id",
        parameters.clientsPartitions(),
        "check-ins are small and few; a client's stay in order, by their key",
        compacted("a job without state reads every client's newest check-in, and no more"),
        brokerClock(
            "clients' clocks are not trusted: Kafka refuses what comes from more than an hour ahead,"
                + " and jumps of an hour would close a segment at every record"),
        segmentBytes(
            64, "the segment in use is never compacted, so few stale check-ins stay in it"),
        compactionLag(HOUR, SLOW_TOPIC),
        millis(
            "delete.retention.ms",
            parameters.updatesRetention(),
            "as long as updates: a job that comes back while its updates are still there also"
                + " learns which clients left"));
  }

  private TopicSettings updates() {
    Duration kept = parameters.updatesRetention();
    return topic(
        topics.updates(),
        "client updates, key = client id",
        parameters.updatesPartitions(),
        "the most source subtasks that can read at once; the parts of an update stay in order",
        deleted("an update is read once and has no successor that replaces it"),
        millis(
            "retention.ms",
            kept,
            "longer than the longest outage of the job, which has lost what is older"),
        millis(
            "segment.ms",
            kept.compareTo(DAY) < 0 ? kept : DAY,
            "segments are deleted whole: an update outlives its time by about this much at most"),
        brokerClock(
            "clients' clocks are not trusted: with a slow one an update could be deleted before"
                + " it is read, with a fast one it would be refused or kept too long"));
  }

  private TopicSettings model() {
    return topic(
        topics.model(),
        "manifest and model segments, key = position in the ring of versions",
        parameters.modelPartitions(),
        "partition = segment index mod partitions, so the number never changes; readers fetch from"
            + " all at once",
        compacted("of each segment the ring's versions stay: the last whole version is never lost"),
        new Setting(
            "min.cleanable.dirty.ratio",
            "0.5",
            "a pass rewrites the whole ring: so it waits for as many new bytes, and the topic stays"
                + " near twice the ring"),
        segmentBytes(64, "the segment in use is never compacted, so it stays small"),
        compactionLag(HOUR, SLOW_TOPIC),
        markers(),
        new Setting(
            TIMESTAMP,
            "CreateTime",
            "readers seek to the time of publishing that the announcement names"));
  }

  private TopicSettings deltas() {
    Duration kept = parameters.deltasRetention();
    return topic(
        topics.deltas(),
        "what leads from one version of a segment to the next, without keys",
        parameters.deltasPartitions(),
        "partition = segment index mod partitions, so the number never changes; changes are small,"
            + " and each partition adds the mark that ends a transaction to every version",
        deleted("compaction would take what a client that was away has to replay"),
        millis(
            "retention.ms",
            kept,
            "who was away for longer begins from a whole version; the job publishes one before the"
                + " deltas behind the last are gone"),
        millis(
            "segment.ms",
            kept.compareTo(DAY) < 0 ? kept : DAY,
            "segments are deleted whole: a delta outlives its time by about this much at most"),
        new Setting(
            TIMESTAMP,
            "CreateTime",
            "readers seek to the time of publishing that the announcement names"));
  }

  private TopicSettings plans() {
    return topic(
        topics.plans(),
        "announcements, key = position in the ring of announcements",
        1,
        "announcements are read in their order",
        compacted("the last announcements are all that anybody needs, for ever"),
        new Setting(
            "min.cleanable.dirty.ratio",
            "0.1",
            "a pass is cheap here, and every client reads this topic"),
        segmentBytes(
            16, "the segment in use is never compacted; who reads from the start reads it too"),
        compactionLag(Duration.ofMinutes(10), SLOW_TOPIC),
        markers());
  }

  private TopicSettings rounds() {
    return topic(
        topics.rounds(),
        "round reports, key = round",
        1,
        "reports are read in their order",
        deleted("the federation's history"),
        millis("retention.ms", parameters.roundsRetention(), "long: reports are small"));
  }

  private TopicSettings rejected() {
    Duration kept = parameters.rejectedRetention();
    return topic(
        topics.rejected(),
        "why update records were refused, with their partition and offset",
        1,
        "a note has some hundred bytes; one partition takes many thousand a second",
        deleted("a note is of use while people look for a cause"),
        millis(
            "retention.ms",
            kept,
            "by default as long as the updates: afterwards the record that a note names is gone"),
        millis(
            "segment.ms",
            kept.compareTo(DAY) < 0 ? kept : DAY,
            "segments are deleted whole: a note outlives its time by about this much at most"));
  }

  private TopicSettings control() {
    return topic(
        topics.control(),
        "whether a stage goes on, which the job tells itself",
        1,
        "decisions are read in their order",
        deleted("a decision is read once"),
        millis(
            "retention.ms",
            parameters.updatesRetention(),
            "as long as updates: a job that comes back while its updates are still there also"
                + " learns what it had decided"));
  }

  /** A line of the table: its own settings, then those of all topics. */
  private TopicSettings topic(
      String name, String holds, int partitions, String partitionsReason, Setting... own) {
    List<Setting> settings = new ArrayList<>(List.of(own));
    settings.add(
        new Setting(
            "compression.type",
            "producer",
            "payloads are coded already: the broker stores what it was sent"));
    settings.add(
        new Setting(
            "min.insync.replicas",
            parameters.replicationFactor() >= 3 ? "2" : "1",
            "of three copies two must have a record before it counts as written, so one broker may"
                + " fail without loss and without a halt; of fewer copies one"));
    return new TopicSettings(
        name, holds, partitions, partitionsReason, parameters.replicationFactor(), settings);
  }

  private static Setting compacted(String reason) {
    return new Setting("cleanup.policy", "compact", reason);
  }

  private static Setting deleted(String reason) {
    return new Setting("cleanup.policy", "delete", reason);
  }

  private static Setting brokerClock(String reason) {
    return new Setting(TIMESTAMP, "LogAppendTime", reason);
  }

  private static Setting segmentBytes(int mebibytes, String reason) {
    return new Setting("segment.bytes", Integer.toString(mebibytes * MIB), reason);
  }

  private static Setting compactionLag(Duration lag, String reason) {
    return millis("max.compaction.lag.ms", lag, reason);
  }

  private static Setting markers() {
    return millis(
        "delete.retention.ms",
        HOUR,
        "there are no tombstones, but transaction markers stay as long: at a checkpoint every"
            + " 500 ms a day would hold 170,000 of them");
  }

  private static Setting millis(String key, Duration value, String reason) {
    return new Setting(key, Long.toString(value.toMillis()), reason);
  }
}
