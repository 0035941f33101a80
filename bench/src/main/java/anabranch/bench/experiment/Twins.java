// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment;

/** Runs that were made through the cluster and in the driver as well. */
public final class Twins {

  private int count;
  private int equal;

  /**
   * Counts a run that was made twice.
   *
   * @param one SHA-256 of its last model
   * @param other of its twin's
   */
  public void add(String one, String other) {
    count++;
    equal += one.equals(other) ? 1 : 0;
  }

  public int count() {
    return count;
  }

  /** How many of them made the same model, bit for bit. */
  public int equal() {
    return equal;
  }

  /** Says on a page how many runs went through the cluster, and how many of them twice. */
  public void tell(Page page, long inCluster, int runs) {
    page.line(
        "%d of the %d runs went through a broker and a Flink cluster, the others through the same",
        inCluster, runs);
    page.line(
        "functions in one thread. %d went through both, and %d of these made the same model twice, bit",
        count, equal);
    page.line("for bit.");
  }
}
