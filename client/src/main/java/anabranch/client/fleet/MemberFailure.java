// SPDX-License-Identifier: Apache-2.0
package anabranch.client.fleet;

/** What went wrong in a member's process, in its words; where is in that process's log. */
final class MemberFailure extends RuntimeException {

  MemberFailure(String message) {
    super(message, null, false, false);
  }
}
