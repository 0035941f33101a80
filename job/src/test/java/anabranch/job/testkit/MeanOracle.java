// SPDX-License-Identifier: Apache-2.0
package anabranch.job.testkit;

import anabranch.protocol.model.Role;
import anabranch.protocol.model.Segment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Computes weighted means exactly, and says which float32 values a published model may have. It
 * shares nothing with the job but the recorded bytes.
 *
 * <p>The scheme promises |mean − exact| ≤ K·¾·2^q/Ω + 2^-53·|mean|, where q = E + F − 51 for up to
 * 4,095 contributions of values up to 2^E and weights up to 2^F. The new value is rounded twice
 * more, to double and to float32, and rounding keeps order: so it lies between the roundings of the
 * interval's ends.
 */
public final class MeanOracle {

  private static final MathContext DIGITS = new MathContext(60);
  private static final double HALF_ULP = 0x1p-53;

  private final TestModel model;
  private final RecordedUpdates updates;
  private final double bound;
  private final BigDecimal totalWeight;

  /**
   * @param maxExponent E
   */
  public MeanOracle(TestModel model, RecordedUpdates updates, int maxExponent) {
    this.model = model;
    this.updates = updates;
    long total = 0;
    long most = 1;
    for (int client = 0; client < RecordedUpdates.CLIENTS; client++) {
      total += RecordedUpdates.samples(client);
      most = Math.max(most, RecordedUpdates.samples(client));
    }
    int weightExponent = 0;
    while (1L << weightExponent < most) {
      weightExponent++;
    }
    totalWeight = BigDecimal.valueOf(total);
    bound =
        RecordedUpdates.CLIENTS * 0.75 * Math.scalb(1.0, maxExponent + weightExponent - 51) / total;
  }

  /** The scheme's bound on the mean, but for the last rounding of the division. */
  public double bound() {
    return bound;
  }

  /**
   * Holds a round's result against the exact one.
   *
   * @param published as read from the topics
   * @param round whose recorded updates made the version
   * @param modelVersion completed rounds behind it, at least 1
   * @param stride looks at each element whose index and round have the same remainder
   * @return number of elements that were held against it
   */
  public int check(PublishedVersions published, long round, long modelVersion, int stride) {
    int checked = 0;
    for (Segment segment : model.manifest().segments()) {
      List<float[]> contributions =
          IntStream.range(0, RecordedUpdates.CLIENTS)
              .mapToObj(client -> updates.segments(round, client).get(segment.index()))
              .map(update -> RecordedValues.dense(update, segment.length()))
              .toList();
      float[] old = published.values(segment, modelVersion - 1);
      float[] next = published.values(segment, modelVersion);
      for (int i = (int) (round % stride); i < next.length; i += stride, checked++) {
        double exactMean = exactMean(contributions, i);
        double base = segment.role() == Role.BUFFER ? 0 : old[i];
        double exact = base + exactMean;
        double tolerance =
            bound + 2 * HALF_ULP * Math.abs(exactMean) + 2 * HALF_ULP * Math.abs(exact);
        if (next[i] < (float) (exact - tolerance) || next[i] > (float) (exact + tolerance)) {
          throw new AssertionError(
              "element %d of segment %d after round %d is %s, exactly it were %s ± %s"
                  .formatted(i, segment.index(), round, next[i], exact, tolerance));
        }
      }
    }
    return checked;
  }

  private double exactMean(List<float[]> contributions, int element) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int client = 0; client < RecordedUpdates.CLIENTS; client++) {
      float value = contributions.get(client)[element];
      if (value != 0) {
        sum =
            sum.add(
                new BigDecimal(value)
                    .multiply(BigDecimal.valueOf(RecordedUpdates.samples(client))));
      }
    }
    return sum.divide(totalWeight, DIGITS).doubleValue();
  }
}
