// SPDX-License-Identifier: Apache-2.0
package anabranch.client.memory;

import anabranch.client.model.Architecture;
import anabranch.client.model.ModelDefinition;
import anabranch.protocol.model.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the coarsest partition of a network whose every stage fits into a given memory: the fewest
 * stages, and of the partitions with so many the one whose greatest need is least.
 *
 * <p>What a stage needs depends on the cut before it and the cut behind it alone, so the search
 * goes through all pairs of cuts once and through all partitions by dynamic programming: nothing is
 * left out.
 */
public final class CutPlanner {

  /** No partition. */
  private static final long NONE = Long.MAX_VALUE;

  /**
   * A partition.
   *
   * @param cuts as the setting {@code cuts} takes them, none if the network is trained as a whole
   * @param model the network with these cuts
   * @param stages accounts of its stages, in order
   * @param needs bytes that each is expected to need
   */
  public record Partition(
      List<Integer> cuts, ModelDefinition model, List<Account> stages, List<Long> needs) {

    public Partition {
      cuts = List.copyOf(cuts);
      stages = List.copyOf(stages);
      needs = List.copyOf(needs);
    }

    /** Bytes of the stage that needs most. */
    public long greatestNeed() {
      return needs.stream().mapToLong(Long::longValue).max().orElseThrow();
    }
  }

  private final Architecture architecture;
  private final Map<String, String> settings;
  private final MemoryNeed need;
  private final boolean dependence;
  private final int units;

  /** Bytes for the stage between two cuts, 0 for the beginning and {@code units} for the end. */
  private final long[][] between;

  /** Least greatest need of the partitions of the first units into a number of stages. */
  private final long[][] least;

  /** The last cut of that partition. */
  private final int[][] cutBefore;

  /**
   * @param network whose cuts do not count
   * @param need of memory for an account
   * @param dependence whether the loss of stages has its two terms
   * @throws IllegalArgumentException if the network cannot be cut
   */
  public CutPlanner(ModelDefinition network, MemoryNeed need, boolean dependence) {
    this.architecture = Architecture.named(network.architecture());
    this.settings = network.settings();
    this.need = need;
    this.dependence = dependence;
    this.units = architecture.units(settings);
    if (units == 0) {
      throw new IllegalArgumentException(
          "%s has no cuts: choose a residual network or a transformer"
              .formatted(architecture.label()));
    }
    this.between = needsBetween();
    this.least = new long[units + 1][units + 1];
    this.cutBefore = new int[units + 1][units + 1];
    search();
  }

  /**
   * The coarsest partition whose every stage fits.
   *
   * @param memory bytes
   * @return empty if there is none
   */
  public Optional<Partition> coarsest(long memory) {
    for (int stages = 1; stages <= units; stages++) {
      if (least[stages][units] <= memory) {
        return Optional.of(partition(stages));
      }
    }
    return Optional.empty();
  }

  /** The coarsest of the partitions whose greatest need is least. */
  public Partition smallest() {
    int best = 1;
    for (int stages = 2; stages <= units; stages++) {
      best = least[stages][units] < least[best][units] ? stages : best;
    }
    return partition(best);
  }

  private long[][] needsBetween() {
    long[][] needs = new long[units + 1][units + 1];
    for (int from = 0; from < units; from++) {
      for (int to = from + 1; to <= units; to++) {
        List<Integer> cuts = new ArrayList<>();
        if (from > 0) {
          cuts.add(from);
        }
        if (to < units) {
          cuts.add(to);
        }
        List<Account> stages = accounts(cut(cuts));
        needs[from][to] = need.expected(stages.get(from > 0 ? 1 : 0));
      }
    }
    return needs;
  }

  private void search() {
    for (int stages = 1; stages <= units; stages++) {
      for (int end = 1; end <= units; end++) {
        least[stages][end] = stages == 1 ? between[0][end] : NONE;
        for (int cut = stages - 1; stages > 1 && cut < end; cut++) {
          long greatest = Math.max(least[stages - 1][cut], between[cut][end]);
          if (greatest < least[stages][end]) {
            least[stages][end] = greatest;
            cutBefore[stages][end] = cut;
          }
        }
      }
    }
  }

  private Partition partition(int stages) {
    List<Integer> cuts = new ArrayList<>();
    int end = units;
    for (int left = stages; left > 1; left--) {
      end = cutBefore[left][end];
      cuts.add(0, end);
    }
    ModelDefinition model = cut(cuts);
    List<Account> accounts = accounts(model);
    return new Partition(cuts, model, accounts, accounts.stream().map(need::expected).toList());
  }

  private ModelDefinition cut(List<Integer> cuts) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("cuts", cuts.stream().map(String::valueOf).collect(Collectors.joining(",")));
    return architecture.define(all);
  }

  private List<Account> accounts(ModelDefinition model) {
    List<Stage> stages = model.stages().isEmpty() ? List.of(Account.whole(model)) : model.stages();
    return stages.stream().map(stage -> Account.of(model, stage, dependence)).toList();
  }
}
