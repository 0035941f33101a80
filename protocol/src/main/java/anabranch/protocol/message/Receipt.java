// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

/**
 * What became of one client's update.
 *
 * @param clientId of the cohort
 * @param outcome of its update as it stood at the close
 */
public record Receipt(String clientId, Outcome outcome) {}
