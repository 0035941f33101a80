// SPDX-License-Identifier: Apache-2.0
package anabranch.kafka.topics;

/**
 * One topic-level configuration of Kafka.
 *
 * @param key Kafka's name for it
 * @param value as Kafka writes it
 * @param reason why it is set, for people
 */
public record Setting(String key, String value, String reason) {}
