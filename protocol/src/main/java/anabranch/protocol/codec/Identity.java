// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.codec;

/**
 * Elements are their own coefficients.
 *
 * @param coefficients their number
 */
record Identity(int coefficients) implements SegmentTransform {

  @Override
  public boolean isIdentity() {
    return true;
  }

  @Override
  public void forward(float[] values, float[] coefficients) {
    System.arraycopy(values, 0, coefficients, 0, this.coefficients);
  }

  @Override
  public void inverse(double[] coefficients, double[] values) {
    System.arraycopy(coefficients, 0, values, 0, this.coefficients);
  }
}
