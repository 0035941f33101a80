// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

/**
 * What a key is in a certain configuration.
 *
 * @param path dotted
 * @param text as it is written in a file
 * @param origin {@code line 7}, {@code --set} or {@code default}
 */
public record EffectiveValue(String path, String text, String origin) {}
