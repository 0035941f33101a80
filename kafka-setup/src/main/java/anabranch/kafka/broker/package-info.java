// SPDX-License-Identifier: Apache-2.0

/**
 * A real Kafka broker on this machine, without containers. Open {@link
 * anabranch.kafka.broker.LocalBroker} first; {@link anabranch.kafka.broker.LocalBrokerProcess} is
 * the same broker in a JVM of its own, which can be killed.
 */
package anabranch.kafka.broker;
