// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

/**
 * How long kernels are measured.
 *
 * @param forks JVMs for each kernel; 0 measures in this one, for a test that it runs at all
 * @param warmups iterations that do not count
 * @param iterations that count
 * @param milliseconds of an iteration
 * @param everyEncoding whether all index codes are measured with all value codes
 */
public record KernelEffort(
    int forks, int warmups, int iterations, int milliseconds, boolean everyEncoding) {

  /** Every kernel, some ten minutes. */
  public static final KernelEffort THOROUGH = new KernelEffort(1, 3, 5, 200, true);

  /** Some kernels, less than a minute. */
  public static final KernelEffort QUICK = new KernelEffort(1, 2, 2, 100, false);
}
