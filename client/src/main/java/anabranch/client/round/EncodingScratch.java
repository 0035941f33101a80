// SPDX-License-Identifier: Apache-2.0
package anabranch.client.round;

import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.RandomFactors;
import anabranch.protocol.codec.SegmentEncoder;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The memory that encoding takes beside what comes of it, used again for every segment of every
 * round: 2.5 MiB, up to 6 with error feedback and a transform. A JVM has as many as there were ever
 * clients encoding at the same moment: a fleet's members, of which few do, need not have one each.
 */
final class EncodingScratch implements AutoCloseable {

  private static final Queue<EncodingScratch> IDLE = new ConcurrentLinkedQueue<>();

  private final SegmentEncoder encoder = new SegmentEncoder();
  private final RandomFactors factors = new RandomFactors();
  private float[] values = new float[0];
  private float[] coefficients = new float[0];
  private double[] said = new double[0];
  private double[] elements = new double[0];
  private DecodedSegment decoded;

  private EncodingScratch() {}

  /** One that nobody else has, until it is closed. */
  static EncodingScratch take() {
    EncodingScratch idle = IDLE.poll();
    return idle == null ? new EncodingScratch() : idle;
  }

  @Override
  public void close() {
    IDLE.add(this);
  }

  SegmentEncoder encoder() {
    return encoder;
  }

  RandomFactors factors() {
    return factors;
  }

  /** At least so many, of any values. */
  float[] values(int length) {
    values = values.length < length ? new float[length] : values;
    return values;
  }

  /** At least so many, of any values. */
  float[] coefficients(int length) {
    coefficients = coefficients.length < length ? new float[length] : coefficients;
    return coefficients;
  }

  /** At least so many, that many of them 0. */
  double[] said(int length) {
    said = said.length < length ? new double[length] : said;
    Arrays.fill(said, 0, length, 0);
    return said;
  }

  /** At least so many, of any values. */
  double[] elements(int length) {
    elements = elements.length < length ? new double[length] : elements;
    return elements;
  }

  DecodedSegment decoded() {
    decoded = decoded == null ? new DecodedSegment() : decoded;
    return decoded;
  }
}
