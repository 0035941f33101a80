// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.message;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.TransformCode;
import anabranch.udf.aggregation.AggregationRule;

/**
 * What the coordinator tells one segment to do. Orders of a segment are numbered from 0 without a
 * gap and are obeyed strictly in that sequence; one whose payload has not arrived holds up those
 * behind it. For every payload there is exactly one order that consumes it: {@link Fold}, {@link
 * Drop}, {@link Load} or {@link Apply}.
 */
public sealed interface Order {

  /** Index of the segment in the manifest. */
  int segment();

  /** Number of the order among those of its segment. */
  long number();

  /** An order that consumes a payload. */
  sealed interface ForPayload extends Order {
    RecordId payload();
  }

  /**
   * Add the payload to the round's sum.
   *
   * @param weight ω, above 0
   * @param unitExponent q of the round's grid
   * @param rule of the round
   */
  record Fold(
      int segment,
      long number,
      RecordId payload,
      long weight,
      int unitExponent,
      AggregationRule rule)
      implements ForPayload {}

  /** Forget the payload. */
  record Drop(int segment, long number, RecordId payload) implements ForPayload {}

  /**
   * Take the payload as the model.
   *
   * @param version of the block
   */
  record Load(int segment, long number, RecordId payload, long version) implements ForPayload {}

  /**
   * Change the model as the payload says.
   *
   * @param version of the block that this leads to
   */
  record Apply(int segment, long number, RecordId payload, long version) implements ForPayload {}

  /**
   * End the round: make the next version from the sum, or publish the old values under the new
   * version when nothing was folded.
   *
   * @param sequence of the announcement that waits for this version
   * @param version that the block gets
   * @param unitExponent q of the round's grid
   * @param reference of the contributions
   * @param transform what the contributions are coefficients of
   * @param learningRate server learning rate
   * @param timestamp of the published records, in milliseconds since 1970
   * @param downlink how the change travels, or null to publish the version whole and nothing else
   * @param probe how the movement is measured, or null to leave it
   */
  record Close(
      int segment,
      long number,
      long sequence,
      long version,
      int unitExponent,
      Reference reference,
      TransformCode transform,
      double learningRate,
      long timestamp,
      Downlink downlink,
      Probe probe)
      implements Order {

    /** The version is published whole and nothing else, and nothing is measured. */
    public Close(
        int segment,
        long number,
        long sequence,
        long version,
        int unitExponent,
        Reference reference,
        TransformCode transform,
        double learningRate,
        long timestamp) {
      this(
          segment,
          number,
          sequence,
          version,
          unitExponent,
          reference,
          transform,
          learningRate,
          timestamp,
          null,
          null);
    }
  }

  /**
   * That a new version travels as its change to the one before.
   *
   * @param encoding of the change
   * @param fromVersion the version before
   * @param snapshot whether the version is published whole as well
   */
  record Downlink(EncodingSettings encoding, long fromVersion, boolean snapshot) {}

  /**
   * That the movement of a segment is measured.
   *
   * @param seed of its sample
   * @param window versions that the movement goes over
   */
  record Probe(long seed, int window) {}

  /** Forget the round's sum: it failed. */
  record Discard(int segment, long number) implements Order {}

  /**
   * Publish the model whole, as it is.
   *
   * @param sequence of the announcement that waits for it
   * @param version that the block has, or gets
   * @param timestamp of the published record, in milliseconds since 1970
   */
  record Republish(int segment, long number, long sequence, long version, long timestamp)
      implements Order {}
}
