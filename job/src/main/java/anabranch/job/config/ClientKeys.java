// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

import anabranch.protocol.codec.EncodingSettings;
import anabranch.protocol.codec.Reference;
import java.util.Map;

/** How clients train and encode. */
final class ClientKeys {

  static final KeyTable TABLE = new KeyTable();

  static final ConfigKey<Long> TRAINING_EPOCHS =
      TABLE.key(
          "training.epochs",
          new WholeNumber(1, 1_000_000),
          "1",
          "passes",
          "Over a client's samples in a round. More means fewer rounds and more drift.");
  static final ConfigKey<Long> TRAINING_BATCH_SIZE =
      TABLE.key(
          "training.batch-size", new WholeNumber(1, 1_000_000), "20", "samples", "Of a step.");
  static final ConfigKey<Double> TRAINING_LEARNING_RATE =
      TABLE.key(
          "training.learning-rate",
          Decimal.above(0),
          "0.05",
          "Step size of the clients' optimizer.");
  static final ConfigKey<Double> TRAINING_MOMENTUM =
      TABLE.key(
          "training.momentum",
          Decimal.fromToBelow(0, 1),
          "0.0",
          "Of the clients' optimizer; it begins anew in every round.");
  static final ConfigKey<Double> TRAINING_PROXIMAL =
      TABLE.key(
          "training.proximal",
          Decimal.atLeast(0),
          "0.0",
          "μ of FedProx (arXiv 1812.06127), which holds clients near the global model.");
  static final ConfigKey<Map<String, String>> TRAINING_EXTRA =
      TABLE.key(
          "training.extra",
          new TextMap(),
          "{}",
          "Travels in every plan, for trainers of your own.");

  static final ConfigKey<EncodingPreset> ENCODING_PRESET =
      TABLE.key(
          "encoding.preset",
          new Choice<>(EncodingPreset.class),
          "dense-f32",
          "How clients encode updates, by name. Instead of it, any of the axes below can be given.");
  static final ConfigKey<Reference> ENCODING_REFERENCE =
      TABLE.key(
          "encoding.reference",
          new Choice<>(Reference.class),
          "delta",
          "Whether values are changes or the trained values themselves.");
  static final ConfigKey<EncodingSettings.Index> ENCODING_INDEX =
      TABLE.key(
          "encoding.index",
          new Choice<>(EncodingSettings.Index.class),
          "dense",
          "How an update says which elements it carries. `seeded` carries a random share, the other"
              + " sparse codes the elements of greatest magnitude; `smallest` takes whichever of"
              + " them needs the fewest bytes.");
  static final ConfigKey<EncodingSettings.Value> ENCODING_VALUE =
      TABLE.key(
          "encoding.value",
          new Choice<>(EncodingSettings.Value.class),
          "f32",
          "How values are written: 32 or 16 bits, or `affine` codes of `encoding.bits`.");
  static final ConfigKey<Long> ENCODING_BITS =
      TABLE.key("encoding.bits", new WholeNumber(0, 16), "8", "bits", "Of an affine code.");
  static final ConfigKey<Double> ENCODING_FRACTION =
      TABLE.key(
          "encoding.fraction",
          Decimal.aboveTo(0, 1),
          "1.0",
          "Share of the elements that a sparse update carries. Preset `top-k` and the sparse index"
              + " codes need it.");

  private ClientKeys() {}
}
