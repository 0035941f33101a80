// SPDX-License-Identifier: Apache-2.0

/**
 * Training and test data, and how they are divided among simulated clients. Start with {@link
 * anabranch.client.data.DatasetCatalog}, which opens {@link anabranch.client.data.FashionMnist} and
 * {@link anabranch.client.data.Hospital} by name; a {@link anabranch.client.data.Partition} divides
 * one; {@link anabranch.client.data.LocalData} is what a single client then has. Data of your own
 * implement {@link anabranch.client.data.Dataset}.
 */
package anabranch.client.data;
