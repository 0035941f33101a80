// SPDX-License-Identifier: Apache-2.0
package anabranch.job.encoding;

import anabranch.protocol.codec.EncodingAxes;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Allocation;
import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import anabranch.protocol.codec.EncodingSettings.Selection;
import anabranch.protocol.codec.EncodingSettings.Transform;
import anabranch.protocol.codec.EncodingSettings.Value;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The table of presets: what is read, refused, documented and measured is what stands here. */
public final class EncodingPresets {

  private static final Pattern WRITTEN = Pattern.compile("([a-z0-9-]+)(?:\\(([^()]*)\\))?");

  private static final String KONECNY = "Konečný et al., arXiv 1610.05492";

  /** Longer groups gain less from the index than they lose in choice. */
  private static final int GROUP = 4;

  private static final PresetParameter<Double> SHARE = new PresetParameter.Share();
  private static final PresetParameter<Integer> RANK =
      new PresetParameter.Whole("rank", 1, 100_000);
  private static final PresetParameter<String> VALUES =
      new PresetParameter.Word(List.of("f32", "f16", "int8"));
  private static final PresetParameter<String> ROTATED =
      new PresetParameter.Word(List.of("rotated", "plain"));

  private static final List<EncodingPreset> TABLE =
      List.of(
          new EncodingPreset(
              "dense-f32",
              List.of(),
              "dense-f32",
              "every element as float32",
              "32",
              "as the reference, or where traffic costs nothing",
              "McMahan et al., arXiv 1602.05629",
              given -> axes(given).build()),
          new EncodingPreset(
              "dense-f16",
              List.of(),
              "dense-f16",
              "every element as float16: 11 significant bits",
              "16",
              "half the traffic without a thought",
              "IEEE 754",
              given -> axes(given).value(Value.F16, Short.SIZE).build()),
          new EncodingPreset(
              "low-rank",
              List.of(RANK),
              "low-rank(8)",
              "factors B of B·Aᵀ with a random A of each round; clients train in its row space",
              "32·rank/c for a matrix of c columns, 32 for vectors",
              "with wide layers, where one round's direction matters little",
              KONECNY + ", section 3.1",
              given ->
                  axes(given)
                      .transform(Transform.LOW_RANK, given.whole())
                      .restricted(true)
                      .build()),
          new EncodingPreset(
              "low-rank-projected",
              List.of(RANK),
              "low-rank-projected(8)",
              "the same factors of a change that was trained freely, by the left inverse of Aᵀ",
              "as low-rank",
              "to compare: what lies outside the row space is lost",
              "the left inverse of A in W = A·B",
              given -> axes(given).transform(Transform.LOW_RANK, given.whole()).build()),
          new EncodingPreset(
              "random-mask",
              List.of(SHARE),
              "random-mask(0.1)",
              "elements that a seed draws for each client and round; clients train only these",
              "32·p",
              "with `aggregation.rule: coordinate-count-mean`, on clients that train a part only",
              KONECNY + ", section 3.1",
              given -> axes(given).index(Index.SEEDED, given.share()).restricted(true).build()),
          new EncodingPreset(
              "subsample",
              List.of(SHARE),
              "subsample(0.1)",
              "elements that a seed draws, divided by p: unbiased",
              "32·p",
              "where clients cannot keep state",
              KONECNY + ", section 3.2",
              given -> axes(given).index(Index.SEEDED, given.share()).unbiased(true).build()),
          new EncodingPreset(
              "probabilistic",
              List.of(new PresetParameter.Whole("bits", 1, 16), ROTATED),
              "probabilistic(2, rotated)",
              "codes between the least and the greatest value, rounded at random: unbiased;"
                  + " after a randomized Hadamard transform unless `plain`",
              "bits",
              "where clients cannot keep state; `plain` with many bits, for which the transform gains little",
              KONECNY + ", section 3.2; Suresh et al., arXiv 1611.00429",
              given ->
                  (given.word().equals("rotated")
                          ? axes(given).transform(Transform.ROTATION, 0)
                          : axes(given))
                      .affine(given.whole(), Fit.MIN_MAX, Rounding.STOCHASTIC)
                      .build()),
          new EncodingPreset(
              "random-k",
              List.of(SHARE),
              "random-k(0.1)",
              "elements that a seed draws, as they are; error feedback brings the others later",
              "32·p",
              "to compare with top-k at equal bytes",
              "Stich et al., arXiv 1809.07599",
              given -> axes(given).index(Index.SEEDED, given.share()).errorFeedback(true).build()),
          new EncodingPreset(
              "top-k",
              List.of(SHARE, VALUES),
              "top-k(0.1, f16)",
              "the elements of greatest magnitude, with error feedback",
              "p·(H(p)/p + 32, 16 or 8), H(p)/p the bits of a Rice coded gap",
              "the safe choice: accuracy of dense updates at a fifteenth of the bytes",
              "Aji and Heafield, arXiv 1704.05021; Stich et al., arXiv 1809.07599",
              given -> topK(given).errorFeedback(true).build()),
          new EncodingPreset(
              "sca",
              List.of(SHARE),
              "sca(0.01)",
              "the positions of the greatest or the least elements, whichever are larger in the"
                  + " mean, and that mean, with error feedback",
              "H(p)",
              "to compare with `stc`",
              "Asad et al., doi 10.3390/app10082864; Sattler et al., arXiv 1805.08768",
              given ->
                  axes(given)
                      .index(Index.SMALLEST, given.share())
                      .selection(Selection.LARGEST_OF_ONE_SIGN)
                      .affine(0, Fit.MEAN_MAGNITUDE, Rounding.NEAREST)
                      .errorFeedback(true)
                      .build()),
          new EncodingPreset(
              "qsgd",
              List.of(new PresetParameter.Whole("bits", 2, 16)),
              "qsgd(4)",
              "codes evenly on both sides of 0 to the greatest magnitude, rounded at random:"
                  + " unbiased; zeros are left out where that takes fewer bytes",
              "bits, or less",
              "where clients cannot keep state and most elements are small",
              "Alistarh et al., arXiv 1610.02132, scaled by the greatest magnitude",
              given ->
                  axes(given)
                      .index(Index.SMALLEST, 1)
                      .affine(given.whole(), Fit.SYMMETRIC, Rounding.STOCHASTIC)
                      .build()),
          new EncodingPreset(
              "stc",
              List.of(SHARE),
              "stc(1/100)",
              "positions and signs of the elements of greatest magnitude, and their mean"
                  + " magnitude, with error feedback",
              "H(p) + p",
              "for the least traffic, in both directions with `downlink.preset`",
              "Sattler et al., arXiv 1903.02891",
              EncodingPresets::ternary),
          new EncodingPreset(
              "group-stc",
              List.of(SHARE),
              "group-stc(1/25)",
              "as `stc`, but positions of groups of 4 neighbours and the signs of all four; a small"
                  + " block has a larger share, in proportion to the square root of its size",
              "H(p)/4 + p",
              "recommended for the least traffic, in both directions with `downlink.preset`; see"
                  + " [the results](results/compression.md)",
              "here",
              given ->
                  axes(given)
                      .index(Index.SMALLEST, given.share())
                      .groups(GROUP)
                      .allocation(Allocation.SQUARE_ROOT)
                      .affine(1, Fit.MEAN_MAGNITUDE, Rounding.NEAREST)
                      .errorFeedback(true)
                      .build()),
          new EncodingPreset(
              "top-binary",
              List.of(SHARE),
              "top-binary(1/100)",
              "the coding of SAFER, which is that of `stc`: its secret sharing is no part of it",
              "H(p) + p",
              "to compare",
              "Beguier and Tramel, arXiv 2007.14861",
              EncodingPresets::ternary));

  private EncodingPresets() {}

  /** All presets in the order of the documentation. */
  public static List<EncodingPreset> all() {
    return TABLE;
  }

  /** The signatures of all presets, with commas. */
  public static String signatures() {
    return TABLE.stream().map(EncodingPreset::signature).collect(Collectors.joining(", "));
  }

  /**
   * @param text a name with its arguments, such as {@code stc(1/100)}
   * @throws IllegalArgumentException if it is no preset, saying what is wrong with it
   */
  public static EncodingSettings parse(String text) {
    Matcher written = WRITTEN.matcher(text.replace(" ", ""));
    if (!written.matches()) {
      throw new IllegalArgumentException("'%s' is no name with arguments".formatted(text));
    }
    EncodingPreset preset =
        TABLE.stream()
            .filter(candidate -> candidate.name().equals(written.group(1)))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("there is no preset " + written.group(1)));
    List<String> arguments =
        written.group(2) == null || written.group(2).isEmpty()
            ? List.of()
            : Arrays.asList(written.group(2).split(",", -1));
    String name =
        arguments.isEmpty()
            ? preset.name()
            : preset.name() + "(" + String.join(", ", arguments) + ")";
    return preset.settings().apply(PresetArguments.of(name, preset.parameters(), arguments));
  }

  private static EncodingAxes axes(PresetArguments given) {
    return new EncodingAxes(given.text());
  }

  private static EncodingAxes topK(PresetArguments given) {
    EncodingAxes largest = axes(given).index(Index.SMALLEST, given.share());
    return switch (given.word()) {
      case "f16" -> largest.value(Value.F16, Short.SIZE);
      case "int8" -> largest.affine(Byte.SIZE, Fit.MIN_MAX, Rounding.NEAREST);
      default -> largest;
    };
  }

  private static EncodingSettings ternary(PresetArguments given) {
    return axes(given)
        .index(Index.SMALLEST, given.share())
        .affine(1, Fit.MEAN_MAGNITUDE, Rounding.NEAREST)
        .errorFeedback(true)
        .build();
  }
}
