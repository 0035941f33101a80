// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.topic.GlobalModel;
import anabranch.client.topic.GlobalModelReader;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import anabranch.protocol.message.Announcement;
import anabranch.protocol.message.BlockVersion;
import anabranch.protocol.model.Block;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code anabranch model info}. */
@Command(
    name = "info",
    description = {
      "Tells of the newest announced model, after it was read whole and verified by its digests.",
      "It ends with 1 when there is none."
    })
final class ModelInfoCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;

  @Override
  public Integer call() throws ConfigException {
    FederationConfig config = options.load();
    try (GlobalModelReader reader =
        GlobalModelReader.ofAllBlocks(FederationOptions.connection(config), config.topics())) {
      Optional<GlobalModel> newest = reader.newest(PATIENCE);
      if (newest.isEmpty()) {
        throw new IllegalStateException(
            "federation '%s' has no model: run './anabranch model init'"
                .formatted(config.federation()));
      }
      print(newest.get(), spec.commandLine().getOut());
      return 0;
    }
  }

  private static void print(GlobalModel model, PrintWriter out) {
    Announcement announcement = model.announcement();
    out.printf("federation    %s%n", announcement.federation());
    out.printf("version       %d%n", model.version());
    out.printf(
        "architecture  %s, %s%n", model.manifest().architecture(), ModelSize.of(model.manifest()));
    out.printf("announcement  %d%n", announcement.sequence());
    out.printf("incarnation   %d%n", announcement.incarnation());
    out.printf("state         %s %s%n%n", announcement.state(), announcement.stateReason());
    TextTable table = new TextTable("block", "name", "version", "parameters", "segments", "out at");
    for (BlockVersion version : announcement.blocks()) {
      Block block = model.manifest().blocks().get(version.block());
      table.row(
          block.index(),
          block.name(),
          version.version(),
          block.size(),
          model.manifest().segmentsOf(block.index()).size(),
          Instant.ofEpochMilli(version.publishedAt()).truncatedTo(ChronoUnit.SECONDS));
    }
    table.print(out);
  }
}
