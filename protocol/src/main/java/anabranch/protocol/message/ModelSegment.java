// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

import anabranch.protocol.Bytes;

/**
 * One version of one segment of the global model, on {@code <f>.model} under its ring key.
 *
 * @param block index in the manifest
 * @param segment index in the manifest
 * @param version of the block
 * @param values float32, little-endian, four bytes an element
 */
public record ModelSegment(int block, int segment, long version, Bytes values) {}
