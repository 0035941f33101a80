// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What the rounds of one stage have told of the dependence of features on inputs and on labels.
 *
 * @param x how nHSIC(X; Z) went
 * @param y how nHSIC(Y; Z) went
 */
public record StageDependence(Course x, Course y) {

  /** Before the first round of a stage. */
  public static final StageDependence NONE =
      new StageDependence(new Course(0, 0, 0), new Course(0, 0, 0));

  /**
   * How one of the two went.
   *
   * @param mean running mean over the rounds of one batch size
   * @param batchSize of these rounds, 0 before the first: values of others cannot be compared
   * @param position of the weight in its range, 0 to 1, which never goes back
   */
  public record Course(double mean, int batchSize, double position) {

    void write(DataOutput out) throws IOException {
      out.writeDouble(mean);
      out.writeInt(batchSize);
      out.writeDouble(position);
    }

    static Course read(DataInput in) throws IOException {
      return new Course(in.readDouble(), in.readInt(), in.readDouble());
    }
  }

  void write(DataOutput out) throws IOException {
    x.write(out);
    y.write(out);
  }

  static StageDependence read(DataInput in) throws IOException {
    return new StageDependence(Course.read(in), Course.read(in));
  }
}
