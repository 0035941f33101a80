// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.memory.Account;
import anabranch.client.memory.MemoryNeed;
import anabranch.client.memory.StageProbe;
import anabranch.client.memory.StepClock;
import anabranch.client.model.ModelDefinition;
import anabranch.protocol.model.Stage;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code anabranch model profile}. */
@Command(
    name = "profile",
    sortOptions = false,
    description = {
      "Tells what training takes, of the whole network and of each of its stages: memory as"
          + " accounted and as measured, arithmetic, time.",
      "Measured is the most that a process of its own has resident over what it has with an idle"
          + " engine. docs/benchmarks/memory.md explains the columns."
    })
final class ModelProfileCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private NetworkOptions network;
  @Mixin private TrainingOptions training;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "5",
      description = "the peak is the median of so many processes (default: ${DEFAULT-VALUE})")
  private int repeat;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "the time of a step is the median of so many; 0 for no times (default: ${DEFAULT-VALUE})")
  private int steps;

  @Option(names = "--no-measure", description = "only account: no memory and no time is measured")
  private boolean noMeasure;

  @Option(names = "--json", description = "print the figures as one JSON object in the last line")
  private boolean json;

  /** A stage, or the whole network as stage 0. Measured values are null where nothing is. */
  private record Row(
      int stage, Account account, long needBytes, Long peakBytes, Double stepSeconds) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    ModelDefinition model = define();
    List<Row> rows = rows(model);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s, batch %d, cuts %s%n%n",
        model.architecture(), training.batch(), model.settings().getOrDefault("cuts", "none"));
    table(rows).print(out);
    out.println();
    savings(rows, out);
    requiredMemory(rows, out);
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(rows.stream().map(this::byKey).toList()));
    }
    out.flush();
    return 0;
  }

  private ModelDefinition define() throws IOException {
    try {
      training.requireSound();
      ModelDefinition model = training.cut(network.defineToCut());
      if (repeat < 1 || steps < 0) {
        throw new IllegalArgumentException("--repeat must be at least 1, --steps at least 0");
      }
      return model;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private List<Row> rows(ModelDefinition model) throws IOException, InterruptedException {
    List<Stage> stages = new ArrayList<>();
    stages.add(Account.whole(model));
    stages.addAll(model.stages());
    List<Double> seconds =
        noMeasure || steps == 0
            ? List.of()
            : StepClock.medians(training.workload(model, stages), steps);
    MemoryNeed need = training.need();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      Account account = Account.of(model, stages.get(i), training.dependence() && i > 0);
      Long peak =
          noMeasure
              ? null
              : StageProbe.median(training.workload(model, List.of(stages.get(i))), repeat);
      rows.add(
          new Row(
              i, account, need.expected(account), peak, seconds.isEmpty() ? null : seconds.get(i)));
    }
    return rows;
  }

  private TextTable table(List<Row> rows) {
    TextTable table =
        new TextTable(
            "stage",
            "activations",
            "in passes",
            "weights",
            "gradients",
            "optimizer",
            "accounted",
            "measured",
            "GMAC",
            "s/step");
    for (Row row : rows) {
      Account account = row.account;
      int batch = training.batch();
      table.row(
          row.stage == 0 ? "whole" : String.valueOf(row.stage),
          Mebibytes.of(account.activationBytes(batch)),
          Mebibytes.of(account.passBytes(batch)),
          Mebibytes.of(account.weightBytes()),
          Mebibytes.of(account.gradientBytes()),
          Mebibytes.of(training.optimizerBytes(account)),
          Mebibytes.of(training.need().accounted(account)),
          row.peakBytes == null ? "-" : Mebibytes.of(row.peakBytes),
          "%.2f".formatted(account.trainingOperations() * batch / 1e9),
          row.stepSeconds == null ? "-" : "%.3f".formatted(row.stepSeconds));
    }
    return table;
  }

  /** How much stages save against the whole network. */
  private void savings(List<Row> rows, PrintWriter out) {
    if (rows.size() == 1) {
      return;
    }
    Row whole = rows.get(0);
    List<Row> stages = rows.subList(1, rows.size());
    long accounted =
        stages.stream().mapToLong(row -> training.need().accounted(row.account)).max().orElse(0);
    out.printf(
        "peak accounted   %.1f %% lower%n",
        100 - 100.0 * accounted / training.need().accounted(whole.account));
    if (whole.peakBytes != null) {
      long measured = stages.stream().mapToLong(Row::peakBytes).max().orElse(0);
      out.printf("peak measured    %.1f %% lower%n", 100 - 100.0 * measured / whole.peakBytes);
    }
    double operations =
        stages.stream().mapToLong(row -> row.account.trainingOperations()).average().orElse(0);
    out.printf(
        "operations       %.2f times fewer%n", whole.account.trainingOperations() / operations);
    if (whole.stepSeconds != null) {
      double seconds = stages.stream().mapToDouble(Row::stepSeconds).average().orElse(0);
      out.printf("step time        %.2f times shorter%n", whole.stepSeconds / seconds);
    }
  }

  private void requiredMemory(List<Row> rows, PrintWriter out) {
    List<Row> stages = rows.size() == 1 ? rows : rows.subList(1, rows.size());
    String sizes =
        stages.stream()
            // A client sits out by its own expectation, however little was measured.
            .map(row -> Math.max(row.needBytes, row.peakBytes == null ? 0 : row.peakBytes))
            .map(Mebibytes::setting)
            .collect(Collectors.joining(","));
    out.printf(
        "%n# federation.yaml, as %s%n",
        noMeasure ? "expected" : "expected, or measured where that is more");
    out.printf("cohort.required-memory: %s%n", sizes);
  }

  private Map<String, Object> byKey(Row row) {
    Map<String, Object> figures = new LinkedHashMap<>();
    Account account = row.account;
    int batch = training.batch();
    figures.put("stage", row.stage);
    figures.put("activationBytes", account.activationBytes(batch));
    figures.put("passBytes", account.passBytes(batch));
    figures.put("largestOutputBytes", account.largestOutputBytes(batch));
    figures.put("weightBytes", account.weightBytes());
    figures.put("headBytes", Float.BYTES * account.head());
    figures.put("gradientBytes", account.gradientBytes());
    figures.put("optimizerBytes", training.optimizerBytes(account));
    figures.put("accountedBytes", training.need().accounted(account));
    figures.put("expectedBytes", row.needBytes);
    figures.put("measuredBytes", row.peakBytes);
    figures.put("forwardOperations", account.forwardOperations() * batch);
    figures.put("trainingOperations", account.trainingOperations() * batch);
    figures.put("stepSeconds", row.stepSeconds);
    return figures;
  }
}
