// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

/**
 * The count of all consumed records of {@code <f>.updates}. At every instant {@code received =
 * folded + late + surplus + duplicate + rejected + expired + open}.
 */
public record Ledger(
    long received,
    long folded,
    long late,
    long surplus,
    long duplicate,
    long rejected,
    long expired,
    long open) {

  public static final Ledger EMPTY = new Ledger(0, 0, 0, 0, 0, 0, 0, 0);

  /** Whether every record has exactly one place. */
  public boolean balances() {
    return received == folded + late + surplus + duplicate + rejected + expired + open;
  }

  /** What came between an earlier ledger and this one; {@code open} is a change, so it may fall. */
  public Ledger minus(Ledger earlier) {
    return new Ledger(
        received - earlier.received,
        folded - earlier.folded,
        late - earlier.late,
        surplus - earlier.surplus,
        duplicate - earlier.duplicate,
        rejected - earlier.rejected,
        expired - earlier.expired,
        open - earlier.open);
  }
}
