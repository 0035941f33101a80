// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.Outcome;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Counts every consumed update record once: open at first or ended at once, and an open one ends
 * later. {@link Ledger#balances()} holds between any two calls.
 */
final class LedgerBook {

  private final long[] ended = new long[Outcome.values().length];
  private long received;
  private long open;

  /** A record has come and waits for its update or its round. */
  void open() {
    received++;
    open++;
  }

  /** A record has come and ends at once. */
  void end(Outcome outcome) {
    received++;
    ended[outcome.ordinal()]++;
  }

  /** Records that were open end. */
  void endOpen(Outcome outcome, int records) {
    open -= records;
    ended[outcome.ordinal()] += records;
  }

  Ledger toLedger() {
    return new Ledger(
        received,
        count(Outcome.FOLDED),
        count(Outcome.LATE),
        count(Outcome.SURPLUS),
        count(Outcome.DUPLICATE),
        count(Outcome.REJECTED),
        count(Outcome.EXPIRED),
        open);
  }

  private long count(Outcome outcome) {
    return ended[outcome.ordinal()];
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(received);
    out.writeLong(open);
    out.writeInt(ended.length);
    for (long count : ended) {
      out.writeLong(count);
    }
  }

  static LedgerBook read(DataInput in) throws IOException {
    LedgerBook read = new LedgerBook();
    read.received = in.readLong();
    read.open = in.readLong();
    int outcomes = in.readInt();
    for (int i = 0; i < outcomes; i++) {
      read.ended[i] = in.readLong();
    }
    return read;
  }
}
