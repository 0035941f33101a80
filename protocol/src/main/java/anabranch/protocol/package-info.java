// SPDX-License-Identifier: Apache-2.0

/**
 * What travels between clients, Kafka and the job. Start with {@link anabranch.protocol.Topics} for
 * where, {@code message} for what, {@code codec} for how tensors become bytes, {@code avro} for how
 * records do.
 */
package anabranch.protocol;
