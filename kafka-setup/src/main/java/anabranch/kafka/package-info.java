// SPDX-License-Identifier: Apache-2.0

/**
 * Everything Anabranch asks of Kafka itself.
 *
 * <ul>
 *   <li>{@link anabranch.kafka.topics}: the table of a federation's topics and the tool that
 *       creates, compares and deletes them.
 *   <li>{@link anabranch.kafka.broker}: a real broker on this machine, for tests and the
 *       quickstart.
 * </ul>
 */
package anabranch.kafka;
