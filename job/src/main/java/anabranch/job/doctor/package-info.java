// SPDX-License-Identifier: Apache-2.0

/**
 * What {@code ./anabranch doctor} has Flink run: a job that looks around on the JobManager and on
 * every TaskManager and ends. Start with {@link anabranch.job.doctor.ProbeJob}; {@link
 * anabranch.job.doctor.NodeReport} is what comes back.
 */
package anabranch.job.doctor;
