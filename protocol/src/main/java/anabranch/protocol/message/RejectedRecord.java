// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

import anabranch.protocol.Bytes;

/**
 * Why a consumed record was refused, on {@code <f>.rejected}. The payload is not repeated: topic,
 * partition and offset find it.
 *
 * @param reason name of the rule that it broke
 * @param detail what was found and what was expected
 * @param topic where the record lies
 * @param partition where the record lies
 * @param offset where the record lies
 * @param clientId as it says, or null when it could not be read
 * @param planId as it says, 0 when it could not be read
 * @param prefix its first bytes, at most 64
 */
public record RejectedRecord(
    String reason,
    String detail,
    String topic,
    int partition,
    long offset,
    String clientId,
    long planId,
    Bytes prefix) {}
