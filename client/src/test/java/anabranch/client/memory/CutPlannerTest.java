// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import anabranch.client.memory.CutPlanner.Partition;
import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.protocol.model.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CutPlannerTest {

  private static final MemoryNeed BATCH_128 = new MemoryNeed(128, true, false);

  /** Eight units, so that all 128 partitions can be tried. */
  private static final ModelDefinition SMALL =
      Architecture.RESNET_18.define(Map.of("widths", "16,32,64,128"));

  private final CutPlanner planner = new CutPlanner(SMALL, BATCH_128, true);

  /** Parts of the memory that the whole network takes. */
  @ParameterizedTest
  @ValueSource(doubles = {1.01, 0.9, 0.8, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45, 0.4})
  void noOtherPartitionThatFitsHasFewerStagesOrNeedsLess(double share) {
    long whole = greatest(SMALL);
    long memory = Math.round(share * whole);
    List<ModelDefinition> fitting = all().stream().filter(m -> greatest(m) <= memory).toList();

    assertThat(planner.coarsest(memory).isPresent()).isEqualTo(!fitting.isEmpty());
    planner
        .coarsest(memory)
        .ifPresent(
            found -> {
              assertThat(found.greatestNeed()).isEqualTo(greatest(found.model()));
              assertThat(fitting)
                  .allMatch(
                      other ->
                          other.stages().size() > found.model().stages().size()
                              || other.stages().size() == found.model().stages().size()
                                  && greatest(other) >= found.greatestNeed());
            });
  }

  @Test
  void smallestNeedIsThatOfTheBestPartition() {
    long least = all().stream().mapToLong(CutPlannerTest::greatest).min().orElseThrow();

    assertThat(planner.smallest().greatestNeed()).isEqualTo(least);
    assertThat(planner.coarsest(least)).contains(planner.smallest());
    assertThat(planner.coarsest(least - 1)).isEmpty();
  }

  @Test
  void networkThatFitsAsAWholeIsNotCut() {
    assertThat(planner.coarsest(Long.MAX_VALUE - 1).map(Partition::cuts)).contains(List.of());
  }

  @Test
  void networkWithoutCutsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CutPlanner(Architecture.MLP.define(Map.of()), BATCH_128, true))
        .withMessage("mlp has no cuts: choose a residual network or a transformer");
  }

  private static List<ModelDefinition> all() {
    List<ModelDefinition> models = new ArrayList<>();
    for (int chosen = 0; chosen < 1 << 7; chosen++) {
      List<String> cuts = new ArrayList<>();
      for (int unit = 1; unit < 8; unit++) {
        if ((chosen >> unit - 1 & 1) == 1) {
          cuts.add(String.valueOf(unit));
        }
      }
      models.add(
          Architecture.RESNET_18.define(
              Map.of("widths", "16,32,64,128", "cuts", String.join(",", cuts))));
    }
    return models;
  }

  private static long greatest(ModelDefinition model) {
    List<Stage> stages = model.stages().isEmpty() ? List.of(Account.whole(model)) : model.stages();
    return stages.stream()
        .mapToLong(stage -> BATCH_128.expected(Account.of(model, stage, true)))
        .max()
        .orElseThrow();
  }
}
