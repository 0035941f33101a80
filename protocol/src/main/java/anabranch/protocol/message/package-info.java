// SPDX-License-Identifier: Apache-2.0

/**
 * The records on the topics, one file each. Start with {@link
 * anabranch.protocol.message.Announcement} and {@link anabranch.protocol.message.ClientUpdate}.
 */
package anabranch.protocol.message;
