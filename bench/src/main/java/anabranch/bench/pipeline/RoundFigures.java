// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.pipeline;

/**
 * One round that lay ready in the log.
 *
 * @param bytes of its records' values
 * @param secondsToSeal from the commit that let the job see them until the new version was out of
 *     its aggregators
 * @param secondsToPlan from the same moment until clients could read the next plan
 * @param cpuSeconds of the TaskManager in that time
 */
record RoundFigures(long bytes, double secondsToSeal, double secondsToPlan, double cpuSeconds) {

  double bytesPerSecond() {
    return bytes / secondsToSeal;
  }

  double cpuSecondsPerGigabyte() {
    return cpuSeconds * 1e9 / bytes;
  }
}
