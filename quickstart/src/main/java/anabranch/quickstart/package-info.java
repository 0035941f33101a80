// SPDX-License-Identifier: Apache-2.0

/**
 * A whole federation in one JVM. Start with {@link anabranch.quickstart.Quickstart}; the command
 * line is in {@code cli}.
 */
package anabranch.quickstart;
