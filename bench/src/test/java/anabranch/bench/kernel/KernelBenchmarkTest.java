// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.protocol.codec.DecodedSegment;
import anabranch.protocol.codec.SegmentDecoder;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That kernels can be measured, not how fast they are. */
class KernelBenchmarkTest {

  private static final KernelEffort LEAST = new KernelEffort(0, 0, 1, 1, false);
  private static final float[] PARAMETERS = Encoding.parameters();

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final KernelBenchmark benchmark =
      new KernelBenchmark(LEAST, new PrintStream(printed, true, StandardCharsets.UTF_8));

  @Test
  void foldsAreMeasuredBesideTheBaseline() {
    benchmark.measureFolds();

    assertThat(benchmark.figures())
        .hasSize(6)
        .allMatch(figure -> figure.kernel().equals("fold") && figure.unit().equals("value"))
        .allMatch(figure -> figure.nanoseconds() > 0 && figure.ratio() > 0);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .startsWith("float[] += float[]:")
        .contains("rice-1%/f32 coordinate count mean");
  }

  @Test
  void serverStepIsMeasuredForBothRules() {
    benchmark.measureSteps();

    assertThat(benchmark.figures())
        .extracting(KernelFigure::subject)
        .containsExactly("weighted mean", "coordinate count mean");
  }

  @Test
  void transformsAreMeasuredBothWays() {
    benchmark.measureTransforms();

    assertThat(benchmark.figures())
        .extracting(figure -> figure.kernel() + " " + figure.subject())
        .containsExactlyInAnyOrder(
            "forward rotation", "inverse rotation", "forward low-rank 8", "inverse low-rank 8");
  }

  @Test
  void everyMessageIsWrittenAndRead() {
    benchmark.measureSerializers();

    assertThat(benchmark.figures()).hasSize(2 * Message.values().length);
  }

  static List<Encoding> encodings() {
    return Encoding.all();
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void everyEncodingDecodes(Encoding encoding) throws Exception {
    DecodedSegment decoded = new DecodedSegment();

    SegmentDecoder.decode(
        encoding.encode(new SegmentEncoder(), 3, PARAMETERS), Encoding.LENGTH, 16, decoded);

    double expected = encoding.valuesOfSegment();
    assertThat((double) decoded.count()).isBetween(0.9 * expected, 1.1 * expected);
    assertThat(Encoding.named(encoding.name())).isEqualTo(encoding);
  }

  static List<Encoding> presets() {
    return Encoding.presets();
  }

  @ParameterizedTest
  @MethodSource("presets")
  void everyPresetIsEncodedWithinItsSize(Encoding preset) throws Exception {
    SegmentUpdate update = preset.encode(new SegmentEncoder(), 3, PARAMETERS);

    SegmentDecoder.decode(update, Encoding.LENGTH, 16, new DecodedSegment());

    assertThat((long) update.index().length() + update.values().length())
        .isLessThanOrEqualTo(preset.settings().maxBytes(Encoding.LENGTH));
  }

  @Test
  void encodingsHaveNamesOfTheirOwn() {
    Set<String> names = new HashSet<>();
    assertThat(Encoding.all()).hasSize(54).allMatch(encoding -> names.add(encoding.name()));
  }
}
