// SPDX-License-Identifier: Apache-2.0
package anabranch.client.train;

/**
 * How a model does on a data set.
 *
 * @param loss mean cross entropy, in nats
 * @param accuracy share of samples whose greatest logit is that of their class, 0 to 1
 * @param samples number of samples
 */
public record Evaluation(double loss, double accuracy, int samples) {}
