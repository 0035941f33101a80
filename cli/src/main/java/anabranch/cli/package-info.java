// SPDX-License-Identifier: Apache-2.0

/**
 * The commands of {@code ./anabranch}, one file each. Open {@link anabranch.cli.Anabranch} first:
 * it lists them. Commands print what was asked for on standard output and everything else on
 * standard error; they end with 0 for success, 1 for failure and 2 for wrong usage.
 */
package anabranch.cli;
