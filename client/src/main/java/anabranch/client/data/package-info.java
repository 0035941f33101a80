// SPDX-License-Identifier: Apache-2.0

/**
 * Training and test data, and how they are divided among simulated clients. Start with {@link
 * anabranch.client.data.Dataset}; {@link anabranch.client.data.FashionMnist} is the one that is
 * shipped.
 */
package anabranch.client.data;
