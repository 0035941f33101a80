// SPDX-License-Identifier: Apache-2.0
package anabranch.job.config;

/**
 * A value as it was written.
 *
 * @param path dotted path of the key
 * @param text the scalar, or null when nothing stands after the colon
 * @param origin {@code line 7} or {@code --set}
 */
record ConfigEntry(String path, String text, String origin) {}
