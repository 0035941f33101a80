// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.udf.message.Fields;
import anabranch.udf.message.Header;
import anabranch.udf.message.RecordId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/** What has come of one client's update for the open plan. */
final class Submission {

  /** A part that was taken in: which record, and which segments it brought. */
  record Part(RecordId id, int[] segments, float[] sketch) {}

  private final TreeMap<Integer, Part> received = new TreeMap<>();
  private final BitSet segments = new BitSet();
  private final int parts;
  private final long samples;
  private final long weight;
  private Map<String, Double> metrics = Map.of();
  private long payloadBytes;
  private long denseBytes;

  Submission(int parts, long samples, long weight) {
    this.parts = parts;
    this.samples = samples;
    this.weight = weight;
  }

  /** Whether a record claims the same update: its number of parts and samples agree. */
  boolean agreesWith(Header.Update update) {
    return update.parts() == parts && update.samples() == samples;
  }

  boolean has(int part) {
    return received.containsKey(part);
  }

  boolean overlaps(int[] other) {
    for (int segment : other) {
      if (segments.get(segment)) {
        return true;
      }
    }
    return false;
  }

  void add(Header.Update update) {
    received.put(update.part(), new Part(update.id(), update.segments(), update.sketch()));
    for (int segment : update.segments()) {
      segments.set(segment);
    }
    if (update.part() == 0) {
      metrics = update.metrics();
    }
    payloadBytes += update.payloadBytes();
    denseBytes += update.denseBytes();
  }

  boolean complete() {
    return received.size() == parts;
  }

  boolean covers(BitSet wanted) {
    return segments.equals(wanted);
  }

  Iterable<Part> received() {
    return received.values();
  }

  /** Sketch of the whole update, added up in the order of its parts; empty without sketches. */
  float[] sketch() {
    float[] sum = received.firstEntry().getValue().sketch().clone();
    for (Part part : received.tailMap(received.firstKey(), false).values()) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += part.sketch()[i];
      }
    }
    return sum;
  }

  int records() {
    return received.size();
  }

  /** What its samples count for. */
  long weight() {
    return weight;
  }

  Map<String, Double> metrics() {
    return metrics;
  }

  long payloadBytes() {
    return payloadBytes;
  }

  long denseBytes() {
    return denseBytes;
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(parts);
    out.writeLong(samples);
    out.writeLong(weight);
    out.writeLong(payloadBytes);
    out.writeLong(denseBytes);
    Fields.writeMetrics(metrics, out);
    out.writeInt(received.size());
    for (Map.Entry<Integer, Part> entry : received.entrySet()) {
      out.writeInt(entry.getKey());
      Fields.writeId(entry.getValue().id(), out);
      Fields.writeInts(entry.getValue().segments(), out);
      Fields.writeFloats(entry.getValue().sketch(), out);
    }
  }

  static Submission read(DataInput in) throws IOException {
    Submission read = new Submission(in.readInt(), in.readLong(), in.readLong());
    read.payloadBytes = in.readLong();
    read.denseBytes = in.readLong();
    read.metrics = Fields.readMetrics(in);
    int received = in.readInt();
    for (int i = 0; i < received; i++) {
      int number = in.readInt();
      Part part = new Part(Fields.readId(in), Fields.readInts(in), Fields.readFloats(in));
      read.received.put(number, part);
      for (int segment : part.segments()) {
        read.segments.set(segment);
      }
    }
    return read;
  }
}
