// SPDX-License-Identifier: Apache-2.0
package anabranch.cli;

import anabranch.cli.doctor.Doctor;
import anabranch.cli.doctor.Examination;
import anabranch.cli.doctor.Finding;
import anabranch.cli.doctor.Status;
import anabranch.job.config.ConfigException;
import anabranch.job.config.FederationConfig;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code anabranch doctor}. */
@Command(
    name = "doctor",
    description = {
      "Looks for what would make a job fail, stand still or lose data, before it is submitted.",
      "It prints one line a check and ends with 1 if one of them failed. It writes to no topic of"
          + " the federation; with --flink it runs a short job in all free slots."
    })
final class DoctorCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;
  @Mixin private FederationOptions options;

  @Option(
      names = "--flink",
      paramLabel = "URL",
      description =
          "REST address of the Flink cluster, such as http://localhost:8081; without it Flink is not"
              + " checked")
  private String flink;

  @Option(
      names = {"-p", "--parallelism"},
      paramLabel = "N",
      description = "what the job is to be submitted with (default: the cluster's own default)")
  private Integer parallelism;

  @Option(
      names = "--job-jar",
      paramLabel = "FILE",
      description = "the jar that is submitted to Flink (default: job/target/job-*-cluster.jar)")
  private Path jobJar;

  @Option(names = "--json", description = "print all findings as one JSON object in the last line")
  private boolean json;

  @Override
  public Integer call() throws ConfigException, JsonProcessingException {
    FederationConfig config = options.load();
    PrintWriter out = spec.commandLine().getOut();
    List<Finding> findings;
    try (Examination examination =
        new Examination(
            config,
            FederationTopics.table(config),
            address(),
            jobJar == null ? builtJar() : jobJar,
            parallelism == null ? OptionalInt.empty() : OptionalInt.of(parallelism))) {
      findings = Doctor.examine(examination, finding -> print(finding, out));
    }
    boolean failed = findings.stream().anyMatch(f -> f.status() == Status.FAILED);
    if (json) {
      out.println(JSON.writeValueAsString(report(config.federation(), failed, findings)));
      out.flush();
    }
    return failed ? 1 : 0;
  }

  private static void print(Finding finding, PrintWriter out) {
    String advice = finding.advice().isEmpty() ? "" : " -> " + finding.advice();
    out.printf(
        "%-11s  %-18s  %s%s%n", finding.status().word(), finding.check(), finding.found(), advice);
    out.flush();
  }

  private static Map<String, Object> report(
      String federation, boolean failed, List<Finding> findings) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("federation", federation);
    report.put("failed", failed);
    report.put("checks", findings.stream().map(DoctorCommand::entry).toList());
    return report;
  }

  private static Map<String, String> entry(Finding finding) {
    Map<String, String> entry = new LinkedHashMap<>();
    entry.put("check", finding.check());
    entry.put("status", finding.status().word());
    entry.put("found", finding.found());
    entry.put("advice", finding.advice());
    return entry;
  }

  private Optional<URI> address() {
    if (flink == null) {
      return Optional.empty();
    }
    String trimmed = flink.endsWith("/") ? flink.substring(0, flink.length() - 1) : flink;
    if (!trimmed.matches("https?://[^/?#\\s]+")) {
      throw new ParameterException(
          spec.commandLine(),
          "--flink is '%s', expected an address such as http://localhost:8081".formatted(flink));
    }
    return Optional.of(URI.create(trimmed));
  }

  /** The newest of those that the build left; its usual name when there is none. */
  private static Path builtJar() {
    Path folder = Path.of(System.getProperty("anabranch.home", "."), "job", "target");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        Optional<Path> jar =
            files
                .filter(file -> file.getFileName().toString().matches("job-.*-cluster\\.jar"))
                .max((a, b) -> Long.compare(a.toFile().lastModified(), b.toFile().lastModified()));
        if (jar.isPresent()) {
          return jar.get();
        }
      } catch (IOException e) {
        throw new UncheckedIOException("%s cannot be read".formatted(folder), e);
      }
    }
    return folder.resolve("job-VERSION-cluster.jar");
  }
}
