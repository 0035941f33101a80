// SPDX-License-Identifier: Apache-2.0

/**
 * What the job's tests are made of: a federation on a real broker, clients that send recorded
 * updates, a cluster that runs the job, and a reader that holds published versions against each
 * other. Start with {@link anabranch.job.testkit.TestFederation} and {@link
 * anabranch.job.testkit.Participants}.
 */
package anabranch.job.testkit;
