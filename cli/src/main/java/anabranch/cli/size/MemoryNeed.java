// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.size;

import anabranch.job.kafka.FederationSources;
import anabranch.job.kafka.PublishSink;
import anabranch.protocol.avro.Records;
import anabranch.protocol.model.Segment;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.operator.SegmentPlacement;
import anabranch.udf.round.FederationPolicy;
import anabranch.udf.round.RoundPolicy.Parts;
import anabranch.udf.similarity.UpdateSketch;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.base.source.reader.SourceReaderOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Memory of the job, over all its TaskManagers, and of a client. State lies on the heap. */
final class MemoryNeed {

  /** Of a heap, for the garbage collector to work in. */
  private static final double FREE_SHARE = 0.25;

  /**
   * What the coordinator has of a client beside id and agent, on a JVM with compressed pointers: an
   * entry of a tree, the check-in, two strings and their arrays.
   */
  private static final int CLIENT = 40 + 48 + 2 * (24 + 16 + 8);

  /** Flink 2 has them fixed, in NettyShuffleEnvironmentConfiguration. */
  private static final int CHANNEL_BUFFERS = 2;

  private static final int FLOATING_BUFFERS = 8;

  /** What an encoder of changes has for each element of the largest segment: four arrays. */
  private static final int ENCODER = 3 * Integer.BYTES + Float.BYTES;

  private final Workload workload;
  private final RoundTraffic traffic;
  private final SegmentMemory kept;

  MemoryNeed(Workload workload, RoundTraffic traffic) {
    this.workload = workload;
    this.traffic = traffic;
    this.kept = new SegmentMemory(workload);
  }

  /** p, the slots that take a round's updates in the time of a round. */
  int slots() {
    double wanted =
        (double) traffic.up()
            / workload.roundTime().toMillis()
            * 1e3
            / workload.slotBytesPerSecond();
    int useful = Math.min(SegmentPlacement.KEY_GROUPS, workload.manifest().segments().size());
    return (int) Math.max(1, Math.min(useful, Math.ceil(wanted)));
  }

  /** Whether more slots than there are segments would be needed. */
  boolean overloaded() {
    return slots() * (double) workload.slotBytesPerSecond()
        < traffic.up() / (workload.roundTime().toMillis() / 1e3);
  }

  /** Every segment, and while a snapshot is written the version that a close replaced. */
  long model() {
    return Float.BYTES * (workload.manifest().size() + workload.trainedParameters());
  }

  /** E, what changes have left out, and while a snapshot is written what they left out before. */
  long residual() {
    return Float.BYTES
        * (kept.owed(workload.manifest().segments()) + kept.owed(workload.trainedSegments()));
  }

  /** V, samples of the newest versions. */
  long movement() {
    return Float.BYTES * kept.sampled();
  }

  /** Every trained segment, twice while a snapshot is written. */
  long sums() {
    int arrays = workload.config().rule() == AggregationRule.COORDINATE_COUNT_MEAN ? 2 : 1;
    return 2L * arrays * Long.BYTES * workload.trainedParameters();
  }

  /** H, payloads that wait for the rest of their updates: what {@code hold.budget} bounds. */
  long held() {
    return workload.config().round().parts() == Parts.INDEPENDENT
        ? 0
        : workload.drawn() * workload.mostPayload();
  }

  /** What the sources have fetched and not yet handed on. */
  long reading() {
    int partitions = workload.config().kafka().partitions().updates();
    long perSlot = (partitions + slots() - 1) / slots();
    long fetched =
        Math.min(
            ConsumerConfig.DEFAULT_FETCH_MAX_BYTES,
            perSlot
                * Long.parseLong(
                    FederationSources.fetching()
                        .get(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG)));
    long polled =
        Math.min(
            fetched,
            traffic.largestRecord()
                * Long.parseLong(
                    FederationSources.fetching().get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG)));
    // The queue's, and the one that waits to get into it.
    int polls = SourceReaderOptions.ELEMENT_QUEUE_CAPACITY.defaultValue() + 1;
    return Math.min(2 * traffic.up(), slots() * (fetched + polls * polled));
  }

  /**
   * Where a record is decoded: by the validator and by the aggregator of each slot; and where the
   * aggregator encodes changes.
   */
  long decoding() {
    int encoder = workload.downlink().isPresent() ? ENCODER : 0;
    return (long) slots() * Segment.MAX_LENGTH * (2 * (Float.BYTES + Integer.BYTES) + encoder);
  }

  /** The sink's buffer, of the open transaction and the one before it. */
  long producing() {
    return 2 * Math.min(PublishSink.BUFFER_BYTES, traffic.publishedMost());
  }

  /** Clients and the open round, as the coordinator knows them. */
  long coordinator() {
    return (long) workload.clients()
            * (CLIENT + workload.idLength() + SampleRecords.agent().length())
        + sketches();
  }

  /** Sketches of the open round's updates, for the similarity report. */
  long sketches() {
    return workload.config().reportSimilarity()
        ? (long) Float.BYTES * UpdateSketch.WIDTH * workload.drawn() * traffic.records()
        : 0;
  }

  /** Flink's own. */
  long framework() {
    return TaskManagerOptions.FRAMEWORK_HEAP_MEMORY.defaultValue().getBytes();
  }

  /** All of these. */
  long live() {
    return model()
        + residual()
        + movement()
        + sums()
        + held()
        + reading()
        + decoding()
        + producing()
        + coordinator()
        + framework();
  }

  /** The heap to give. */
  double heap() {
    double spacious = live() / (1 - FREE_SHARE);
    return workload.config().holdBudgetBytes().isPresent()
        ? spacious
        : Math.max(spacious, FederationPolicy.AUTO_HEAP_SHARE * (double) held());
  }

  /** Channels between subtasks, see {@code docs/size.md}. */
  long channels() {
    long p = slots();
    return 3 * p * p + 8 * p + 3;
  }

  /** Places where subtasks read from channels, and where they write to them. */
  long gatesAndPartitions() {
    long p = slots();
    return (4 * p + 10) + (10 * p + 4);
  }

  /** Flink's network buffers. */
  long network() {
    long buffers = 2L * CHANNEL_BUFFERS * channels() + FLOATING_BUFFERS * gatesAndPartitions();
    return buffers * TaskManagerOptions.MEMORY_SEGMENT_SIZE.defaultValue().getBytes();
  }

  /** What error feedback keeps: what the updates before left out, and what this one does. */
  private long clientResidual() {
    return workload.config().encoding().errorFeedback()
        ? 2 * Float.BYTES * workload.trainedParameters()
        : 0;
  }

  /** What a client has of model, residual and update when it writes the update. */
  long client() {
    return Float.BYTES * (workload.manifest().size() + workload.trainedParameters())
        + clientResidual()
        + workload.payload()
        + Float.BYTES * (long) Segment.MAX_LENGTH
        + Math.min(Records.MAX_BYTES, traffic.largestRecord());
  }
}
