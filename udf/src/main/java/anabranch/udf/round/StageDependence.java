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
 * @param batchSize of the newest round, 0 before the first: values of other batch sizes cannot be
 *     compared
 */
public record StageDependence(Course x, Course y, int batchSize) {

  /** Before the first round of a stage. */
  public static final StageDependence NONE =
      new StageDependence(new Course(0, 0), new Course(0, 0), 0);

  /**
   * How one of the two went.
   *
   * @param mean running mean over the rounds of one batch size
   * @param position of the weight in its range, 0 to 1, which never goes back
   */
  public record Course(double mean, double position) {}

  void write(DataOutput out) throws IOException {
    for (Course course : new Course[] {x, y}) {
      out.writeDouble(course.mean());
      out.writeDouble(course.position());
    }
    out.writeInt(batchSize);
  }

  static StageDependence read(DataInput in) throws IOException {
    return new StageDependence(
        new Course(in.readDouble(), in.readDouble()),
        new Course(in.readDouble(), in.readDouble()),
        in.readInt());
  }
}
