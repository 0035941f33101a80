// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

import anabranch.protocol.codec.EncodingSettings.Allocation;
import anabranch.protocol.codec.EncodingSettings.Fit;
import anabranch.protocol.codec.EncodingSettings.Index;
import anabranch.protocol.codec.EncodingSettings.Rounding;
import anabranch.protocol.codec.EncodingSettings.Selection;
import anabranch.protocol.codec.EncodingSettings.Transform;
import anabranch.protocol.codec.EncodingSettings.Value;

/** Settings in the making: dense changes in float32 until an axis is named. */
public final class EncodingAxes {

  private final String name;
  private Reference reference = Reference.DELTA;
  private Transform transform = Transform.NONE;
  private int rank;
  private boolean restricted;
  private Index index = Index.DENSE;
  private Selection selection = Selection.LARGEST;
  private double fraction = 1;
  private int group = 1;
  private Allocation allocation = Allocation.UNIFORM;
  private boolean unbiased;
  private Value value = Value.F32;
  private int bits = Float.SIZE;
  private Fit fit = Fit.MIN_MAX;
  private Rounding rounding = Rounding.NEAREST;
  private boolean errorFeedback;

  /**
   * @param name under which plans and reports show the settings
   */
  public EncodingAxes(String name) {
    this.name = name;
  }

  /**
   * @param settings to begin from
   */
  static EncodingAxes of(EncodingSettings settings) {
    EncodingAxes axes = new EncodingAxes(settings.preset());
    axes.reference = settings.reference();
    axes.transform = settings.transform();
    axes.rank = settings.rank();
    axes.restricted = settings.restricted();
    axes.index = settings.index();
    axes.selection = settings.selection();
    axes.fraction = settings.fraction();
    axes.group = settings.group();
    axes.allocation = settings.allocation();
    axes.unbiased = settings.unbiased();
    axes.value = settings.value();
    axes.bits = settings.bits();
    axes.fit = settings.fit();
    axes.rounding = settings.rounding();
    axes.errorFeedback = settings.errorFeedback();
    return axes;
  }

  public EncodingAxes reference(Reference chosen) {
    reference = chosen;
    return this;
  }

  /**
   * @param columns of a low-rank factor, 0 for the others
   */
  public EncodingAxes transform(Transform chosen, int columns) {
    transform = chosen;
    rank = columns;
    return this;
  }

  public EncodingAxes restricted(boolean chosen) {
    restricted = chosen;
    return this;
  }

  /**
   * @param share of the elements that are sent, in (0, 1]
   */
  public EncodingAxes index(Index chosen, double share) {
    index = chosen;
    fraction = share;
    return this;
  }

  public EncodingAxes selection(Selection chosen) {
    selection = chosen;
    return this;
  }

  /**
   * @param size elements that are chosen together
   */
  public EncodingAxes groups(int size) {
    group = size;
    return this;
  }

  public EncodingAxes allocation(Allocation chosen) {
    allocation = chosen;
    return this;
  }

  public EncodingAxes unbiased(boolean chosen) {
    unbiased = chosen;
    return this;
  }

  /**
   * @param width of a value in bits
   */
  public EncodingAxes value(Value chosen, int width) {
    value = chosen;
    bits = width;
    return this;
  }

  public EncodingAxes affine(int width, Fit grid, Rounding rounded) {
    fit = grid;
    rounding = rounded;
    return value(Value.AFFINE, width);
  }

  public EncodingAxes errorFeedback(boolean chosen) {
    errorFeedback = chosen;
    return this;
  }

  /**
   * @throws IllegalArgumentException if an axis has no such value
   */
  public EncodingSettings build() {
    return new EncodingSettings(
        name,
        reference,
        transform,
        rank,
        restricted,
        index,
        selection,
        fraction,
        group,
        allocation,
        unbiased,
        value,
        bits,
        fit,
        rounding,
        errorFeedback);
  }
}
