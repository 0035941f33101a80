// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Where a federation is in its {@link StageSchedule}.
 *
 * @param number turns that have ended, skipped ones included
 * @param rounds completed rounds of the turn that has not ended
 */
record Turn(long number, long rounds) {

  /** At the beginning of the first stage. */
  static final Turn FIRST = new Turn(0, 0);

  /** The turn after this one, at its beginning. */
  Turn next() {
    return new Turn(number + 1, 0);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(number);
    out.writeLong(rounds);
  }

  static Turn read(DataInput in) throws IOException {
    return new Turn(in.readLong(), in.readLong());
  }
}
