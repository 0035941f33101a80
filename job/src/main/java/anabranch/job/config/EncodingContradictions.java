// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import static anabranch.job.config.DownlinkKeys.DOWNLINK_PRESET;
import static anabranch.job.config.EncodingKeys.AXES;
import static anabranch.job.config.EncodingKeys.ENCODING_BITS;
import static anabranch.job.config.EncodingKeys.ENCODING_ERROR_FEEDBACK;
import static anabranch.job.config.EncodingKeys.ENCODING_FIT;
import static anabranch.job.config.EncodingKeys.ENCODING_FRACTION;
import static anabranch.job.config.EncodingKeys.ENCODING_GROUP;
import static anabranch.job.config.EncodingKeys.ENCODING_INDEX;
import static anabranch.job.config.EncodingKeys.ENCODING_PRESET;
import static anabranch.job.config.EncodingKeys.ENCODING_RANK;
import static anabranch.job.config.EncodingKeys.ENCODING_REFERENCE;
import static anabranch.job.config.EncodingKeys.ENCODING_RESTRICTED;
import static anabranch.job.config.EncodingKeys.ENCODING_ROUNDING;
import static anabranch.job.config.EncodingKeys.ENCODING_SELECTION;
import static anabranch.job.config.EncodingKeys.ENCODING_TRANSFORM;
import static anabranch.job.config.EncodingKeys.ENCODING_UNBIASED;
import static anabranch.job.config.EncodingKeys.ENCODING_VALUE;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import anabranch.protocol.codec.EncodingSettings.Selection;
import anabranch.protocol.codec.EncodingSettings.Transform;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Reference;
import anabranch.udf.aggregation.AggregationRule;
import anabranch.udf.round.RoundPolicy.Parts;
import java.util.function.BiConsumer;

/** Encodings that are sound axis by axis and not as a whole, or not with the rest. */
final class EncodingContradictions {

  private final ConfigValues values;

  /** Takes a key and what is wrong with its value. */
  private final BiConsumer<ConfigKey<?>, String> report;

  EncodingContradictions(ConfigValues values, BiConsumer<ConfigKey<?>, String> report) {
    this.values = values;
    this.report = report;
  }

  void find() {
    if (values.isGiven(ENCODING_PRESET)) {
      AXES.stream()
          .filter(values::isGiven)
          .forEach(
              axis -> report.accept(axis, "is settled by encoding.preset; give one of the two"));
    } else if (values.has(AXES.toArray(ConfigKey<?>[]::new))) {
      axes();
    }
    boolean known =
        values.has(ENCODING_PRESET, ENCODING_ERROR_FEEDBACK)
            && values.has(AXES.toArray(ConfigKey<?>[]::new));
    if (known && (values.isGiven(ENCODING_PRESET) || affineCodesExist() && groupsExist())) {
      combinations(EncodingChoice.of(values));
    }
    if (values.has(DOWNLINK_PRESET)) {
      values.get(DOWNLINK_PRESET).ifPresent(this::downlink);
    }
  }

  private void downlink(EncodingSettings encoding) {
    if (encoding.transform() != Transform.NONE) {
      report.accept(
          DOWNLINK_PRESET,
          "has a transform: the changes of versions are values of elements, so that clients only"
              + " add them");
    } else if (!encoding.unbiased() && encoding.bits() < leastBits(encoding)) {
      report.accept(
          DOWNLINK_PRESET,
          ("needs at least %d bits: the job adds what it leaves out to the next version, and below"
                  + " that can be larger than the change and grow without bound")
              .formatted(leastBits(encoding)));
    }
  }

  /** Axes that have no meaning beside others. */
  private void axes() {
    Index index = values.get(ENCODING_INDEX);
    double fraction = values.get(ENCODING_FRACTION);
    boolean dense = index == Index.DENSE;
    if (!dense && index != Index.SMALLEST && fraction == 1) {
      report.accept(ENCODING_FRACTION, "must be below 1 for a sparse encoding, such as 0.01");
    }
    if (dense && fraction < 1) {
      report.accept(ENCODING_FRACTION, "has a meaning with a sparse encoding.index only");
    }
    if (values.isGiven(ENCODING_RANK) && values.get(ENCODING_TRANSFORM) != Transform.LOW_RANK) {
      report.accept(ENCODING_RANK, "has a meaning with encoding.transform low-rank only");
    }
    if (values.get(ENCODING_SELECTION) != Selection.LARGEST && (dense || index == Index.SEEDED)) {
      report.accept(
          ENCODING_SELECTION,
          "has a meaning with an index code that lists elements only, such as smallest");
    }
    if (!groupsExist()) {
      report.accept(
          ENCODING_GROUP,
          "needs an index code that lists elements, such as smallest, and encoding.selection largest");
    }
    boolean affine = values.get(ENCODING_VALUE) == Value.AFFINE;
    if (!affine) {
      demandAffine(ENCODING_BITS, values.isGiven(ENCODING_BITS));
      demandAffine(ENCODING_FIT, values.get(ENCODING_FIT) != Fit.MIN_MAX);
      demandAffine(ENCODING_ROUNDING, values.get(ENCODING_ROUNDING) != Rounding.NEAREST);
    }
    if (affine && !affineCodesExist()) {
      report.accept(
          ENCODING_BITS,
          values.get(ENCODING_FIT) == Fit.SYMMETRIC
              ? "must be at least 2 with encoding.fit symmetric: 0 is one of the codes"
              : "must be 0 or 1 with encoding.fit mean-magnitude: there is one magnitude");
    }
  }

  private void demandAffine(ConfigKey<?> key, boolean chosen) {
    if (chosen) {
      report.accept(key, "has a meaning with encoding.value affine only");
    }
  }

  private boolean groupsExist() {
    Index index = values.get(ENCODING_INDEX);
    return values.get(ENCODING_GROUP) == 1
        || index != Index.DENSE
            && index != Index.SEEDED
            && values.get(ENCODING_SELECTION) == Selection.LARGEST;
  }

  private boolean affineCodesExist() {
    long bits = values.get(ENCODING_BITS);
    return values.get(ENCODING_VALUE) != Value.AFFINE
        || switch (values.get(ENCODING_FIT)) {
          case MIN_MAX -> true;
          case MEAN_MAGNITUDE -> bits <= 1;
          case SYMMETRIC -> bits >= 2;
        };
  }

  private void combinations(EncodingSettings encoding) {
    boolean sparse = encoding.index() != Index.DENSE;
    boolean seeded = encoding.index() == Index.SEEDED;
    if (encoding.reference() == Reference.WEIGHTS) {
      if (sparse && rule() == AggregationRule.WEIGHTED_MEAN) {
        report.accept(
            ENCODING_REFERENCE,
            "weights with a sparse index need aggregation.rule coordinate-count-mean: a weight that"
                + " is left out is not 0");
      }
      if (encoding.errorFeedback()
          || encoding.unbiased()
          || encoding.restricted()
          || encoding.transform() != Transform.NONE) {
        report.accept(
            ENCODING_REFERENCE,
            "weights combine with no transform, subset or error feedback: what these leave out"
                + " would count as 0, which is right for changes alone");
      }
      if (values.has(DOWNLINK_PRESET) && values.get(DOWNLINK_PRESET).isPresent()) {
        report.accept(
            DOWNLINK_PRESET,
            "does not combine with encoding.reference weights: versions would travel by their"
                + " values, whole, and twice");
      }
    }
    if (encoding.unbiased() && !seeded) {
      report.accept(
          ENCODING_UNBIASED,
          "needs encoding.index seeded: only of a subset that chance alone draws, values divided by"
              + " the fraction have the whole as their mean");
    }
    if (encoding.unbiased() && encoding.errorFeedback()) {
      report.accept(
          settledBy(ENCODING_ERROR_FEEDBACK),
          "does not combine with an unbiased subset: values divided by the fraction overshoot, and"
              + " the residual grows without bound");
    }
    if (encoding.unbiased() && rule() == AggregationRule.COORDINATE_COUNT_MEAN) {
      report.accept(
          RoundKeys.AGGREGATION_RULE,
          "does not combine with an unbiased subset: values divided by the fraction are meant for a"
              + " mean over all updates");
    }
    if (rule() == AggregationRule.COORDINATE_COUNT_MEAN
        && sparse
        && encoding.fraction() == 1
        && (encoding.reference() == Reference.WEIGHTS || encoding.value() == Value.AFFINE)) {
      report.accept(
          RoundKeys.AGGREGATION_RULE,
          "does not combine with an encoding that leaves out zeros alone, unless it sends changes as"
              + " they are: an element that became 0 would count as one that the client lacks");
    }
    if (encoding.restricted() && !seeded && encoding.transform() != Transform.LOW_RANK) {
      report.accept(
          ENCODING_RESTRICTED,
          "needs encoding.index seeded or encoding.transform low-rank: no other encoding can be"
              + " expressed before training");
    }
    if (encoding.restricted() && seeded && encoding.transform() != Transform.NONE) {
      report.accept(
          ENCODING_RESTRICTED,
          "does not combine with a seeded index and a transform: a subset of coefficients is no"
              + " subset of the weights");
    }
    if (encoding.selection() == Selection.LARGEST_OF_ONE_SIGN
        && encoding.transform() == Transform.ROTATION) {
      report.accept(ENCODING_SELECTION, "does not combine with a rotation, which mixes the signs");
    }
    if (encoding.errorFeedback() && encoding.bits() < leastBits(encoding)) {
      report.accept(
          settledBy(ENCODING_ERROR_FEEDBACK),
          ("needs at least %d bits where codes span all values: below, what an encoding leaves out"
                  + " can be larger than the update, and the residual grows without bound")
              .formatted(leastBits(encoding)));
    }
    if (encoding.errorFeedback()
        && values.has(RoundKeys.ROUND_PARTS)
        && values.get(RoundKeys.ROUND_PARTS) == Parts.INDEPENDENT) {
      report.accept(
          RoundKeys.ROUND_PARTS,
          "does not combine with error feedback: of an incomplete update some parts count, and the"
              + " client cannot know which");
    }
  }

  /**
   * Bits of an affine code on which error feedback contracts. After a rotation values are nearly
   * normal, and the span of 100,000 of them is 9 standard deviations: 3 bits have an error of a
   * third of the variance, 2 bits of more than all of it. Without one a few large values stretch
   * it. Where 0 is a code, rounding to the nearest never leaves more than there was.
   */
  private static int leastBits(EncodingSettings encoding) {
    boolean overshoots =
        encoding.value() == Value.AFFINE
            && switch (encoding.fit()) {
              case MIN_MAX -> true;
              case SYMMETRIC -> encoding.rounding() == Rounding.STOCHASTIC;
              case MEAN_MAGNITUDE -> false;
            };
    int least = encoding.transform() == Transform.ROTATION ? 3 : 5;
    return overshoots ? least : 0;
  }

  private AggregationRule rule() {
    return values.has(RoundKeys.AGGREGATION_RULE) ? values.get(RoundKeys.AGGREGATION_RULE) : null;
  }

  private ConfigKey<?> settledBy(ConfigKey<?> axis) {
    return values.isGiven(axis) ? axis : ENCODING_PRESET;
  }
}
