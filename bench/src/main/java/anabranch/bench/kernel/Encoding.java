// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

import anabranch.job.encoding.EncodingPresets;
import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Value;
import anabranch.protocol.codec.Reference;
import anabranch.protocol.codec.SegmentEncoder;
import anabranch.protocol.codec.SegmentUpdate;
import anabranch.protocol.model.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * One index code with one value code, or a preset without its transform.
 *
 * @param name such as {@code rice-1%/affine-8} or {@code stc(1/100)}
 */
record Encoding(String name, EncodingSettings settings) {

  /** Elements of each segment. */
  static final int LENGTH = Segment.MAX_LENGTH;

  /** Segments that are worked on in turn: 4.2 million parameters, more than a core's cache. */
  static final int SEGMENTS = 32;

  private static final int[] PERCENTS = {10, 1};
  private static final long SEED = 5;

  /** Every index code with every value code. */
  static List<Encoding> all() {
    List<Encoding> all = new ArrayList<>();
    for (Index index :
        new Index[] {Index.DENSE, Index.BITMAP, Index.GAP_VARINT, Index.RICE, Index.SEEDED}) {
      for (int percent : index == Index.DENSE ? new int[] {100} : PERCENTS) {
        all.add(of(index, percent, Value.F32, 0));
        all.add(of(index, percent, Value.F16, 0));
        all.add(of(index, percent, Value.BF16, 0));
        for (int bits : new int[] {8, 4, 1}) {
          all.add(of(index, percent, Value.AFFINE, bits));
        }
      }
    }
    return all;
  }

  /** Presets that encode in ways of their own, each as its table shows it. */
  static List<Encoding> presets() {
    return Stream.of(
            "dense-f32",
            "dense-f16",
            "random-k(0.1)",
            "subsample(0.1)",
            "probabilistic(8, plain)",
            "probabilistic(2, rotated)",
            "qsgd(4)",
            "top-k(0.1, f32)",
            "top-k(0.1, f16)",
            "top-k(0.1, int8)",
            "top-k(0.01, f16)",
            "sca(0.01)",
            "stc(1/100)")
        .map(preset -> new Encoding(preset, EncodingPresets.parse(preset)))
        .toList();
  }

  private static Encoding of(Index index, int percent, Value value, int bits) {
    String code =
        switch (index) {
          case DENSE -> "dense";
          case BITMAP -> "bitmap";
          case GAP_VARINT -> "varint";
          case RICE -> "rice";
          case SEEDED -> "seeded";
          case SMALLEST -> "smallest";
        };
    String values =
        switch (value) {
          case F32 -> "f32";
          case F16 -> "f16";
          case BF16 -> "bf16";
          case AFFINE -> "affine-" + bits;
        };
    String name = code + (percent == 100 ? "" : "-" + percent + "%") + "/" + values;
    return new Encoding(
        name, new EncodingSettings(name, Reference.DELTA, index, value, bits, percent / 100.0));
  }

  /**
   * @throws IllegalArgumentException if there is none of this name
   */
  static Encoding named(String name) {
    return Stream.concat(all().stream(), presets().stream())
        .filter(encoding -> encoding.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no encoding is called " + name));
  }

  /** Values of one segment as it is encoded; that of a seeded subset is what is expected. */
  double valuesOfSegment() {
    return LENGTH * settings.fraction();
  }

  /** What a client might have trained: {@link #SEGMENTS} times {@link #LENGTH} values below 1. */
  static float[] parameters() {
    SplittableRandom random = new SplittableRandom(7);
    float[] values = new float[SEGMENTS * LENGTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() * random.nextDouble(-1, 1));
    }
    return values;
  }

  SegmentUpdate encode(SegmentEncoder encoder, int segment, float[] parameters) {
    return encoder.encode(
        segment,
        parameters,
        segment * LENGTH,
        LENGTH,
        settings.reference(),
        settings,
        SEED + segment);
  }

  /** All segments, encoded. */
  SegmentUpdate[] encodeAll() {
    float[] parameters = parameters();
    SegmentEncoder encoder = new SegmentEncoder();
    SegmentUpdate[] updates = new SegmentUpdate[SEGMENTS];
    for (int segment = 0; segment < SEGMENTS; segment++) {
      updates[segment] = encode(encoder, segment, parameters);
    }
    return updates;
  }
}
