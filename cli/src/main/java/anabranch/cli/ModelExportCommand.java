// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.client.topic.GlobalModel;
import anabranch.client.topic.GlobalModelReader;
import anabranch.client.topic.SafetensorsFile;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code anabranch model export}. */
@Command(
    name = "export",
    description = {
      "Writes the newest announced model as a safetensors file, after it was verified by its digests.",
      "It ends with 1 when there is none."
    })
final class ModelExportCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "where to write, such as model.safetensors; a file that is there is replaced")
  private Path output;

  @Override
  public Integer call() throws ConfigException {
    FederationConfig config = options.load();
    try (GlobalModelReader reader =
        GlobalModelReader.ofDeployedBlocks(FederationOptions.connection(config), config.topics())) {
      Optional<GlobalModel> newest = reader.newest(PATIENCE);
      if (newest.isEmpty()) {
        throw new IllegalStateException(
            "federation '%s' has no model: run './anabranch model init'"
                .formatted(config.federation()));
      }
      SafetensorsFile.of(newest.get()).writeTo(output);
      spec.commandLine()
          .getOut()
          .printf(
              "version %d of %s is in %s%n", newest.get().version(), config.federation(), output);
      return 0;
    } catch (IOException e) {
      throw new IllegalStateException(
          "%s cannot be written (%s): choose another place by --output".formatted(output, e), e);
    }
  }
}
