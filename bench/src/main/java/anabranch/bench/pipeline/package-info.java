// SPDX-License-Identifier: Apache-2.0

/**
 * How fast updates that lie in Kafka go through the job, beside how fast a bare consumer reads
 * them. Start with {@link anabranch.bench.pipeline.PipelineBenchmark}.
 */
package anabranch.bench.pipeline;
