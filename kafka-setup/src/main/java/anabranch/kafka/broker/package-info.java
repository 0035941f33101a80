// SPDX-License-Identifier: Apache-2.0

/**
 * A real Kafka broker on this machine, without containers. Open {@link
 * anabranch.kafka.broker.LocalBroker} first.
 */
package anabranch.kafka.broker;
