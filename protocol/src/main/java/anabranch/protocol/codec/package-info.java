// SPDX-License-Identifier: Apache-2.0

/**
 * How the values of a segment become bytes and come back: reference, index code and value code,
 * each an axis of its own. Start with {@link anabranch.protocol.codec.SegmentUpdate}.
 */
package anabranch.protocol.codec;
