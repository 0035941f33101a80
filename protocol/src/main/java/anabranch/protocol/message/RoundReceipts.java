// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

import java.util.List;

/**
 * The receipts of the round that has just closed. A cohort member that is not listed had sent
 * nothing acceptable by then; whatever comes from it later is not folded either.
 *
 * @param planId of the closed round
 * @param round its number
 * @param outcome how it ended
 * @param receipts sorted by client id
 */
public record RoundReceipts(long planId, long round, RoundOutcome outcome, List<Receipt> receipts) {

  public RoundReceipts {
    receipts = List.copyOf(receipts);
  }
}
