// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.Reference;
import java.util.List;
import java.util.Optional;

/** How clients encode. */
final class EncodingKeys {

  static final KeyTable TABLE = new KeyTable();

  static final ConfigKey<EncodingSettings> ENCODING_PRESET =
      TABLE.key(
          "encoding.preset",
          new Preset(),
          "dense-f32",
          "How clients encode updates, by name; share is written as 0.01 or 1/100. Instead of it, any"
              + " of the axes below can be given.");
  static final ConfigKey<Optional<Boolean>> ENCODING_ERROR_FEEDBACK =
      TABLE.key(
          "encoding.error-feedback",
          new OrWord<>("auto", new Toggle()),
          "auto",
          "Whether a client adds what an encoding left out to its next update. `auto` is what the"
              + " preset says, and false without one.");
  static final ConfigKey<Reference> ENCODING_REFERENCE =
      TABLE.key(
          "encoding.reference",
          new Choice<>(Reference.class),
          "delta",
          "Whether values are changes or the trained values themselves.");
  static final ConfigKey<EncodingSettings.Transform> ENCODING_TRANSFORM =
      TABLE.key(
          "encoding.transform",
          new Choice<>(EncodingSettings.Transform.class),
          "none",
          "What is encoded instead of the elements: `rotation` spreads large ones over all,"
              + " `low-rank` takes factors of `encoding.rank` columns.");
  static final ConfigKey<Long> ENCODING_RANK =
      TABLE.key(
          "encoding.rank",
          new WholeNumber(1, 100_000),
          "8",
          "columns",
          "Of the factors of `encoding.transform: low-rank`.");
  static final ConfigKey<EncodingSettings.Index> ENCODING_INDEX =
      TABLE.key(
          "encoding.index",
          new Choice<>(EncodingSettings.Index.class),
          "dense",
          "How an update says which elements it carries. `seeded` carries a random share, the other"
              + " sparse codes the elements of `encoding.selection`; `smallest` takes whichever of"
              + " them needs the fewest bytes.");
  static final ConfigKey<EncodingSettings.Selection> ENCODING_SELECTION =
      TABLE.key(
          "encoding.selection",
          new Choice<>(EncodingSettings.Selection.class),
          "largest",
          "Which elements a sparse index code other than `seeded` lists: those of greatest magnitude,"
              + " or of one sign only.");
  static final ConfigKey<Double> ENCODING_FRACTION =
      TABLE.key(
          "encoding.fraction",
          Decimal.aboveTo(0, 1),
          "1.0",
          "Share of the elements that a sparse update carries.");
  static final ConfigKey<Long> ENCODING_GROUP =
      TABLE.key(
          "encoding.group",
          new WholeNumber(1, 131_072),
          "1",
          "elements",
          "That are chosen and listed together, by the sum of their magnitudes.");
  static final ConfigKey<EncodingSettings.Allocation> ENCODING_ALLOCATION =
      TABLE.key(
          "encoding.allocation",
          new Choice<>(EncodingSettings.Allocation.class),
          "uniform",
          "Whether every block sends the same share, or small ones a larger one, in proportion to the"
              + " square root of their size.");
  static final ConfigKey<Boolean> ENCODING_UNBIASED =
      TABLE.key(
          "encoding.unbiased",
          new Toggle(),
          "false",
          "Whether the values of a `seeded` subset are divided by `encoding.fraction`, so that their"
              + " mean over draws is the whole.");
  static final ConfigKey<Boolean> ENCODING_RESTRICTED =
      TABLE.key(
          "encoding.restricted",
          new Toggle(),
          "false",
          "Whether clients train only what can be sent: the elements of a `seeded` index, or the row"
              + " space of `low-rank`.");
  static final ConfigKey<EncodingSettings.Value> ENCODING_VALUE =
      TABLE.key(
          "encoding.value",
          new Choice<>(EncodingSettings.Value.class),
          "f32",
          "How values are written: 32 or 16 bits, or `affine` codes of `encoding.bits`.");
  static final ConfigKey<Long> ENCODING_BITS =
      TABLE.key("encoding.bits", new WholeNumber(0, 16), "8", "bits", "Of an affine code.");
  static final ConfigKey<EncodingSettings.Fit> ENCODING_FIT =
      TABLE.key(
          "encoding.fit",
          new Choice<>(EncodingSettings.Fit.class),
          "min-max",
          "Where affine codes lie: from the least to the greatest value, at plus and minus the mean"
              + " magnitude (1 bit, or 0 for the mean alone), or evenly on both sides of 0 (from 2"
              + " bits).");
  static final ConfigKey<EncodingSettings.Rounding> ENCODING_ROUNDING =
      TABLE.key(
          "encoding.rounding",
          new Choice<>(EncodingSettings.Rounding.class),
          "nearest",
          "Which of two affine codes stands for a value between them; `stochastic` makes the mean"
              + " over draws the value.");

  /** What a preset settles. */
  static final List<ConfigKey<?>> AXES =
      List.of(
          ENCODING_REFERENCE,
          ENCODING_TRANSFORM,
          ENCODING_RANK,
          ENCODING_INDEX,
          ENCODING_SELECTION,
          ENCODING_FRACTION,
          ENCODING_GROUP,
          ENCODING_ALLOCATION,
          ENCODING_UNBIASED,
          ENCODING_RESTRICTED,
          ENCODING_VALUE,
          ENCODING_BITS,
          ENCODING_FIT,
          ENCODING_ROUNDING);

  private EncodingKeys() {}
}
