// SPDX-License-Identifier: Apache-2.0
package anabranch.protocol.message;

/**
 * A client's word that it takes part, on {@code <f>.clients} under the key of its id. The newest
 * counts; a tombstone or {@link Status#LEAVING} takes the client out.
 *
 * @param clientId 1 to 128 characters of {@code [A-Za-z0-9._-]}
 * @param session random number, not 0, that all updates must quote; clients cannot read this topic,
 *     so nobody else knows it
 * @param status whether the client wants to be drawn
 * @param samples training samples it holds, at least 1: the upper bound of its weight
 * @param memoryBytes memory it can give to training, in bytes; 0 when it does not say
 * @param agent software and version, for people
 */
public record ClientCheckIn(
    String clientId, long session, Status status, long samples, long memoryBytes, String agent) {

  /** Whether a client can be drawn. */
  public enum Status {
    READY,
    LEAVING
  }
}
