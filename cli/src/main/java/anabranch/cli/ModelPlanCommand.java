// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.memory.Account;
import anabranch.client.memory.CutPlanner;
import anabranch.client.memory.CutPlanner.Partition;
import anabranch.client.model.ModelDefinition;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.flink.configuration.MemorySize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code anabranch model plan}. */
@Command(
    name = "plan",
    sortOptions = false,
    description = {
      "Finds the coarsest cuts of a network for which every stage fits into a given memory.",
      "The need of a stage is expected from its account and a margin that measurements gave; see"
          + " docs/benchmarks/memory.md, and './anabranch model profile' to measure it.",
      "It ends with 1 when no cuts are fine enough."
    })
final class ModelPlanCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private NetworkOptions network;
  @Mixin private TrainingOptions training;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      required = true,
      converter = MemoryConverter.class,
      description = "memory that training may take, such as 200mb, over the idle client")
  private MemorySize memory;

  @Option(names = "--json", description = "print the plan as one JSON object in the last line")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    CutPlanner planner = planner();
    PrintWriter out = spec.commandLine().getOut();
    Optional<Partition> found = planner.coarsest(memory.getBytes());
    Partition partition = found.orElseGet(planner::smallest);
    if (found.isEmpty()) {
      out.printf(
          "no cuts of %s fit into %s at batch %d: the least need is %s MiB, with these cuts;"
              + " a smaller --batch needs less%n%n",
          partition.model().architecture(),
          memory.toHumanReadableString(),
          training.batch(),
          Mebibytes.of(partition.greatestNeed()));
    }
    print(partition, out);
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(byKey(partition, found.isPresent())));
    }
    out.flush();
    return found.isPresent() ? 0 : 1;
  }

  private CutPlanner planner() throws IOException {
    try {
      training.requireSound();
      ModelDefinition model = network.defineToCut();
      return new CutPlanner(model, training.need(), training.dependence());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void print(Partition partition, PrintWriter out) {
    String cuts = text(partition.cuts());
    out.printf(
        "%s, batch %d: %s%n%n",
        partition.model().architecture(),
        training.batch(),
        cuts.isEmpty() ? "no cuts, trained as a whole" : "cuts " + cuts);
    TextTable table = new TextTable("stage", "activations", "accounted", "expected");
    for (int i = 0; i < partition.stages().size(); i++) {
      Account account = partition.stages().get(i);
      table.row(
          i + 1,
          Mebibytes.of(account.activationBytes(training.batch())),
          Mebibytes.of(training.need().accounted(account)),
          Mebibytes.of(partition.needs().get(i)));
    }
    table.print(out);
    if (!cuts.isEmpty()) {
      out.printf("%n./anabranch model init ... --model-setting cuts=%s%n", cuts);
    }
    out.printf("%n# federation.yaml, as expected%n");
    out.printf(
        "cohort.required-memory: %s%n",
        partition.needs().stream().map(Mebibytes::setting).collect(Collectors.joining(",")));
  }

  private static Map<String, Object> byKey(Partition partition, boolean fits) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("fits", fits);
    figures.put("cuts", partition.cuts());
    figures.put("expectedBytes", partition.needs());
    figures.put("greatestNeedBytes", partition.greatestNeed());
    return figures;
  }

  private static String text(List<Integer> cuts) {
    return cuts.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
