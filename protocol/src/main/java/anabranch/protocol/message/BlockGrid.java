// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

/**
 * The fixed-point grid on which a round adds up a block.
 *
 * @param block index in the manifest
 * @param maxExponent E: every decoded value must satisfy |x| ≤ 2^E
 * @param unitExponent q: one unit of the accumulator is 2^q
 */
public record BlockGrid(int block, int maxExponent, int unitExponent) {}
