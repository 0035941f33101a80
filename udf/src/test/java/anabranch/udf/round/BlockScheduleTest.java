// SPDX-License-Identifier: Apache-2.0
package anabranch.udf.round;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.udf.round.BlockSchedule.Order;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BlockScheduleTest {

  private static final int BLOCKS = 3;

  @Test
  void wholeTrainsEveryBlockInEveryRound() {
    BlockSchedule schedule = new BlockSchedule(Order.WHOLE, 1);

    assertThat(stages(schedule, 4)).containsExactly(1, 1, 1, 1);
    assertThat(schedule.stages(BLOCKS)).isEqualTo(1);
    assertThat(schedule.trained(1, BLOCKS)).containsExactly(0, 1, 2);
  }

  @Test
  void roundRobinBeginsAgainAfterTheLastBlock() {
    BlockSchedule schedule = new BlockSchedule(Order.ROUND_ROBIN, 2);

    assertThat(stages(schedule, 8)).containsExactly(1, 1, 2, 2, 3, 3, 1, 1);
    assertThat(schedule.stages(BLOCKS)).isEqualTo(BLOCKS);
    assertThat(schedule.trained(2, BLOCKS)).containsExactly(1);
  }

  @Test
  void sequentialStaysAtTheLastBlock() {
    BlockSchedule schedule = new BlockSchedule(Order.SEQUENTIAL, 2);

    assertThat(stages(schedule, 8)).containsExactly(1, 1, 2, 2, 3, 3, 3, 3);
    assertThat(schedule.trained(3, BLOCKS)).containsExactly(2);
  }

  private static List<Integer> stages(BlockSchedule schedule, long rounds) {
    return LongStream.range(0, rounds).mapToObj(r -> schedule.stage(r, BLOCKS)).toList();
  }
}
