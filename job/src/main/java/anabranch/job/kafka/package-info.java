// SPDX-License-Identifier: Apache-2.0

/**
 * Sources, sink, and what stands on the topics at submission. Start with {@link
 * anabranch.job.kafka.FederationSources} and {@link anabranch.job.kafka.PublishSink}.
 */
package anabranch.job.kafka;
