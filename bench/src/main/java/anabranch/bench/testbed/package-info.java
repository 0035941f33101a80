// SPDX-License-Identifier: Apache-2.0

/**
 * What is measured on: start with {@link anabranch.bench.testbed.Testbed}, which has a broker and a
 * Flink cluster in processes of their own and plays federations of made-up models on them.
 */
package anabranch.bench.testbed;
