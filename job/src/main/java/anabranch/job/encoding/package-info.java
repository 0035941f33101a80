// SPDX-License-Identifier: Apache-2.0

/**
 * Encodings that have a name. Start with {@link anabranch.job.encoding.EncodingPresets}, the table.
 */
package anabranch.job.encoding;
