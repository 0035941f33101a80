// SPDX-License-Identifier: Apache-2.0

/**
 * How fast it is. {@code kernel} measures the inner loops, {@code pipeline} measures throughput,
 * {@code round} latency, both on {@code testbed}: a broker, a JobManager and a TaskManager in
 * processes of their own. What it learns: {@code experiment} compares methods on whole federations,
 * which {@code federation} runs.
 */
package anabranch.bench;
