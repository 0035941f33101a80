// SPDX-License-Identifier: Apache-2.0

/**
 * A federation's topics as a client reads them: announcements as they come, the model in whole and
 * verified versions, and version 0 published. Start with {@link
 * anabranch.client.topic.GlobalModelReader} and {@link anabranch.client.topic.ModelInitializer}.
 *
 * <p>All reading is of committed records, by partition and offset: there are no consumer groups.
 */
package anabranch.client.topic;
