// SPDX-License-Identifier: Apache-2.0

/**
 * Federations that train for real and count what they send: through a broker and a Flink cluster in
 * {@link anabranch.bench.federation.ClusterFederation}, or record by record in one thread in {@link
 * anabranch.bench.federation.InProcessFederation}. Sums are exact, so both make the same model, bit
 * for bit.
 */
package anabranch.bench.federation;
