// SPDX-License-Identifier: Apache-2.0

/**
 * A client's line to the cluster: how wide it is and how much went over it. Start with {@link
 * anabranch.client.link.Link}.
 */
package anabranch.client.link;
