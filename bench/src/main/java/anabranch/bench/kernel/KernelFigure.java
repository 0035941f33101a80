// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

/**
 * One kernel's time.
 *
 * @param kernel what was measured, such as {@code decode}
 * @param subject of it, such as {@code rice-1%/f32}
 * @param unit what the time is for: a value, a parameter or four bytes
 * @param nanoseconds for one of them, the median of all samples
 * @param low the same at the tenth percentile
 * @param high the same at the ninetieth
 * @param ratio of the median to that of {@code float[] += float[]} an element
 */
public record KernelFigure(
    String kernel,
    String subject,
    String unit,
    double nanoseconds,
    double low,
    double high,
    double ratio) {}
