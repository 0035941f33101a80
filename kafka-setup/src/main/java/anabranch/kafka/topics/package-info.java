// SPDX-License-Identifier: Apache-2.0

/**
 * The topics of a federation. Open {@link anabranch.kafka.topics.TopicTable} first: it holds every
 * setting with its reason. {@link anabranch.kafka.topics.TopicSetup} brings a cluster and the table
 * together.
 */
package anabranch.kafka.topics;
