// SPDX-License-Identifier: Apache-2.0
package anabranch.client.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinkTest {

  private static final long SECOND = 1_000_000_000;

  private final FakeTime time = new FakeTime();
  private final Link megabit = new Link(new Bandwidth(1_000_000), time);

  @Test
  void recordsTakeAsLongAsTheirBytes() throws Exception {
    megabit.carry(125_000);
    megabit.carry(250_000);

    assertThat(time.slept()).isEqualTo(3 * SECOND);
    assertThat(megabit.bytes()).isEqualTo(375_000);
  }

  @Test
  void idleTimeIsNotSavedUp() throws Exception {
    megabit.carry(125_000);
    time.pass(60 * SECOND);
    megabit.carry(125_000);

    assertThat(time.slept()).isEqualTo(2 * SECOND);
  }

  @Test
  void lineThatIsNotNarrowedOnlyCounts() throws Exception {
    Link link = new Link(Bandwidth.UNLIMITED, time);

    link.carry(1L << 40);

    assertThat(time.slept()).isZero();
    assertThat(link.bytes()).isEqualTo(1L << 40);
  }
}
