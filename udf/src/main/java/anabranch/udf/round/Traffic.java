// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Bytes that came in, since the incarnation began. */
final class Traffic {

  /** Bytes of all consumed update records, key and value. */
  long recordBytes;

  /** Of these, until the last report. */
  long reportedRecordBytes;

  /** Index and value bytes of the folded updates. */
  long payloadBytes;

  /** What the folded updates would have taken as dense float32. */
  long denseBytes;

  void write(DataOutput out) throws IOException {
    out.writeLong(recordBytes);
    out.writeLong(reportedRecordBytes);
    out.writeLong(payloadBytes);
    out.writeLong(denseBytes);
  }

  static Traffic read(DataInput in) throws IOException {
    Traffic read = new Traffic();
    read.recordBytes = in.readLong();
    read.reportedRecordBytes = in.readLong();
    read.payloadBytes = in.readLong();
    read.denseBytes = in.readLong();
    return read;
  }
}
