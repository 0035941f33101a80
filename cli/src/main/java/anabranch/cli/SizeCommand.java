// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.cli.size.FederationSize;
import anabranch.cli.size.Figure;
import anabranch.cli.size.Section;
import anabranch.cli.size.SizedModel;
import anabranch.cli.size.Workload;
import anabranch.client.topic.GlobalModelReader;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.protocol.model.ModelManifest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.MemorySize;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code anabranch size}. */
@Command(
    name = "size",
    sortOptions = false,
    description = {
      "Says what a federation takes of Kafka, Flink and its clients, each figure with its formula.",
      "The codec, partitions, copies and all else come from the configuration, or from --set.",
      "Without a configuration the defaults count. docs/size.md explains the formulas."
    })
final class SizeCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LONGEST_ID = 128;

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Model model;

  @Option(names = "--cohort", paramLabel = "K", description = "cohort.size of the configuration")
  private Integer cohort;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "that have checked in (default: cohort.min-available)")
  private Integer clients;

  @Option(names = "--rounds-a-day", paramLabel = "N", description = "how many rounds there are")
  private Double roundsADay;

  @Option(
      names = "--round-time",
      paramLabel = "SECONDS",
      description = "from one plan to the next (default: round.deadline, the longest)")
  private Double roundSeconds;

  @Option(
      names = "--id-length",
      defaultValue = "12",
      paramLabel = "LETTERS",
      description = "of a client's id (default: 12)")
  private int idLength;

  @Option(
      names = "--slot-rate",
      defaultValue = "80mb",
      paramLabel = "SIZE",
      converter = MemoryConverter.class,
      description =
          "update bytes that a slot takes in a second: jobBytesPerSecond of './anabranch bench"
              + " pipeline' on your machines (default: 80mb)")
  private MemorySize slotRate;

  @Mixin private FederationOptions options;

  @Option(names = "--json", description = "print the figures as one JSON object in the last line")
  private boolean json;

  /** Of which model. */
  private static final class Model {

    @ArgGroup(exclusive = false)
    private NetworkOptions network;

    @ArgGroup(exclusive = false)
    private OfSize size;

    @Option(names = "--published", description = "the model that the federation has by now")
    private boolean published;
  }

  /** A model of which only the size is known. */
  private static final class OfSize {

    @Option(
        names = "--parameters",
        required = true,
        paramLabel = "P",
        description = "a model of so many parameters, such as 21797672")
    private long parameters;

    @Option(
        names = "--blocks",
        defaultValue = "1",
        paramLabel = "B",
        description = "in so many blocks of equal size (default: 1)")
    private int blocks;
  }

  @Override
  public Integer call() throws ConfigException, IOException {
    if (model.published) {
      // A federation that is to be asked has to be named.
      options.load();
    }
    FederationConfig config =
        options.loadOrDefaults(cohort == null ? List.of() : List.of("cohort.size=" + cohort));
    FederationSize size = size(config);
    PrintWriter out = spec.commandLine().getOut();
    size.sections().forEach(section -> print(section, out));
    if (json) {
      out.println(json(size));
    }
    return 0;
  }

  private FederationSize size(FederationConfig config) throws IOException {
    try {
      Workload workload =
          new Workload(
              manifest(config),
              config,
              clients == null ? config.cohort().minAvailable() : clients,
              within("--id-length", idLength, LONGEST_ID),
              roundTime(config),
              within("--slot-rate", slotRate.getBytes(), Long.MAX_VALUE));
      return new FederationSize(workload, FederationTopics.table(config));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private ModelManifest manifest(FederationConfig config) throws IOException {
    if (model.published) {
      return published(config);
    }
    return model.size == null
        ? model.network.define().manifest(config.modelRing())
        : SizedModel.of(model.size.parameters, model.size.blocks, config.modelRing());
  }

  private static ModelManifest published(FederationConfig config) {
    try (GlobalModelReader reader =
        GlobalModelReader.ofDeployedBlocks(FederationOptions.connection(config), config.topics())) {
      return reader
          .newestManifest(PATIENCE)
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "federation '%s' has no model yet: say which it will be by --model or --parameters"
                          .formatted(config.federation())));
    }
  }

  private Duration roundTime(FederationConfig config) {
    if (roundsADay != null && roundSeconds != null) {
      throw new IllegalArgumentException(
          "--rounds-a-day and --round-time say the same thing: give one of them");
    }
    if (roundsADay != null) {
      return millis(Duration.ofDays(1).toMillis() / within("--rounds-a-day", roundsADay));
    }
    return roundSeconds == null
        ? config.round().deadline()
        : millis(within("--round-time", roundSeconds) * 1e3);
  }

  private static Duration millis(double millis) {
    return Duration.ofMillis((long) Math.min(Long.MAX_VALUE, Math.ceil(millis)));
  }

  private static double within(String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s must be above 0, not %s".formatted(option, value));
    }
    return value;
  }

  private static <T extends Number> T within(String option, T value, long most) {
    if (value.longValue() < 1 || value.longValue() > most) {
      throw new IllegalArgumentException(
          "%s must be %s, not %s"
              .formatted(option, most == Long.MAX_VALUE ? "above 0" : "from 1 to " + most, value));
    }
    return value;
  }

  private static void print(Section section, PrintWriter out) {
    TextTable table = new TextTable(section.title(), "", "");
    for (Figure figure : section.figures()) {
      table.row("  " + figure.label(), figure.text(), figure.formula());
    }
    table.print(out);
    section.notes().forEach(note -> out.println("  (" + note + ")"));
    out.println();
  }

  private static String json(FederationSize size) {
    try {
      return new ObjectMapper().writeValueAsString(size.byKey());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers can be written", e);
    }
  }
}
