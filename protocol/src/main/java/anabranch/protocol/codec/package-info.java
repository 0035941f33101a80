// SPDX-License-Identifier: Apache-2.0

/**
 * How the values of a segment become bytes and come back: reference, index code and value code,
 * each an axis of its own. Start with {@link anabranch.protocol.codec.SegmentUpdate}; {@link
 * anabranch.protocol.codec.SegmentEncoder} writes one and {@link
 * anabranch.protocol.codec.SegmentDecoder} reads it. The bytes of one code are the business of one
 * file, both ways: {@code RiceIndex}, {@code AffineValues} and their kin. What an encoder chooses
 * is {@code LargestElements} and {@code AffineGrid}.
 */
package anabranch.protocol.codec;
