// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

/**
 * What a member's process is told when it starts: on its standard input, not among its arguments,
 * because the connection's properties may hold passwords.
 *
 * @param number of the member, from 0
 * @param memoryBytes that it gives to training, 0 where it does not say
 */
record MemberOrders(FleetSettings settings, FleetData data, int number, long memoryBytes) {

  String clientId() {
    return FleetSettings.clientId(number);
  }
}
