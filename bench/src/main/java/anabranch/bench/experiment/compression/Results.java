// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.experiment.compression;

import anabranch.bench.experiment.Twins;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The finished runs that belong into one table: of every preset, partition and seed one run, that
 * through the cluster where there is one.
 */
final class Results {

  private record Row(String preset, String partition) {}

  private final Map<Row, NavigableMap<Long, RunResult>> rows = new HashMap<>();
  private final Twins twins = new Twins();

  /**
   * @param all finished runs
   * @param tuning whose learning rates count
   * @param rounds of the runs that count
   */
  Results(Collection<RunResult> all, Tuning tuning, int rounds) {
    all.stream()
        .filter(run -> run.rounds() == rounds && !Tuning.isTuning(run.settings()))
        .filter(
            run -> run.settings().learningRate() == tuning.learningRate(new Preset(run.preset())))
        .sorted(Comparator.comparing(RunResult::where))
        .forEach(this::add);
  }

  /** Of twins the first counts; they should have made the same model. */
  private void add(RunResult run) {
    RunResult twin =
        rows.computeIfAbsent(new Row(run.preset(), run.partition()), row -> new TreeMap<>())
            .putIfAbsent(run.seed(), run);
    if (twin != null) {
      twins.add(twin.modelSha256(), run.modelSha256());
    }
  }

  /** The runs that were made through the cluster and in the driver. */
  Twins twins() {
    return twins;
  }

  /** The runs of a row, by seed. */
  NavigableMap<Long, RunResult> of(Preset preset, String partition) {
    return rows.getOrDefault(new Row(preset.name(), partition), new TreeMap<>());
  }

  /** All runs, in the order of rows and seeds that is asked for. */
  List<RunResult> all(List<Preset> presets, List<String> partitions) {
    List<RunResult> runs = new ArrayList<>();
    for (String partition : partitions) {
      for (Preset preset : presets) {
        runs.addAll(of(preset, partition).values());
      }
    }
    return runs;
  }

  /** How much more accurate one preset is than another, by the seeds that both have run. */
  List<Double> differences(Preset preset, Preset than, String partition) {
    NavigableMap<Long, RunResult> others = of(than, partition);
    return of(preset, partition).entrySet().stream()
        .filter(run -> others.containsKey(run.getKey()))
        .map(run -> run.getValue().accuracy() - others.get(run.getKey()).accuracy())
        .toList();
  }
}
