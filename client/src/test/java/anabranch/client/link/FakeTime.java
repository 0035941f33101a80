// SPDX-License-Identifier: Apache-2.0
package anabranch.client.link;

/** A clock that stands still but for those who sleep. */
final class FakeTime implements Link.Time {

  // Just before it overflows, which nanoTime may.
  private long now = Long.MAX_VALUE - 10;
  private long slept;

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void sleep(long nanos) {
    pass(nanos);
    slept += nanos;
  }

  void pass(long nanos) {
    now += nanos;
  }

  long slept() {
    return slept;
  }
}
