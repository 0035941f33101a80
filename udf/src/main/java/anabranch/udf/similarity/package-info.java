// SPDX-License-Identifier: Apache-2.0

/**
 * How similar the updates of a round were, for the round report. Start with {@link
 * anabranch.udf.similarity.SimilarityReport}.
 */
package anabranch.udf.similarity;
