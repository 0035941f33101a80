// SPDX-License-Identifier: Apache-2.0
package anabranch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClockOffsetTest {

  @Test
  void clockThatMayAgreeDiffersForCertainByNothing() {
    ClockOffset offset = ClockOffset.between("a", 1_000, 1_004, 1_010);

    assertThat(offset.certain()).isZero();
    assertThat(offset).hasToString("a -1 ms (±5)");
  }

  @Test
  void clockAheadAndClockBehindDifferByWhatTheReadingsLeave() {
    assertThat(ClockOffset.between("a", 1_000, 9_000, 1_010).certain()).isEqualTo(7_990);
    assertThat(ClockOffset.between("a", 9_000, 1_000, 9_010).certain()).isEqualTo(8_000);
  }

  @Test
  void uncertaintiesAddUp() {
    ClockOffset jobManager = new ClockOffset("j", -5, 5);

    ClockOffset taskManager = new ClockOffset("t", 990, 1_010).behind(jobManager);

    assertThat(taskManager).isEqualTo(new ClockOffset("t", 985, 1_015));
  }
}
