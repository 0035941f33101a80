// SPDX-License-Identifier: Apache-2.0

/**
 * How long a round takes, from one plan that clients can read to the next. Start with {@link
 * anabranch.bench.round.RoundBenchmark}.
 */
package anabranch.bench.round;
