// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

/**
 * What a key is in a certain configuration.
 *
 * @param path dotted
 * @param text as it is written in a file
 * @param origin {@code line 7}, {@code --set}, {@code default}, or {@code by the encoding} for a
 *     key that the encoding's other keys settle
 * @param given whether it stands in the file or was set
 */
public record EffectiveValue(String path, String text, String origin, boolean given) {}
