// SPDX-License-Identifier: Apache-2.0

/**
 * What a federation takes of Kafka, Flink and its clients, before it is started. Start with {@link
 * anabranch.cli.size.FederationSize}; {@code docs/size.md} has the formulas.
 */
package anabranch.cli.size;
