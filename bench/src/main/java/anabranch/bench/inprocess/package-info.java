// SPDX-License-Identifier: Apache-2.0

/**
 * A whole federation in one thread, without broker and cluster: the job's own functions and the
 * client's own part in rounds, record by record. Start with {@link
 * anabranch.bench.inprocess.InProcessFederation}. Sums are exact, so the model that it makes has
 * the bits of a cluster's.
 */
package anabranch.bench.inprocess;
