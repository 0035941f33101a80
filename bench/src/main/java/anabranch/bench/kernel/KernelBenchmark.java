// SPDX-License-Identifier: Apache-2.0
package anabranch.bench.kernel;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs the kernels. Each is sampled call by call and its median counts, so that a neighbour on the
 * machine who takes the core away for a while hardly shows. The baseline runs again beside each
 * group of kernels.
 */
public final class KernelBenchmark {

  private static final List<String> SOME_ENCODINGS =
      List.of("dense/f32", "dense/affine-8", "rice-1%/affine-1", "rice-1%/f16");

  private final KernelEffort effort;
  private final PrintStream out;
  private final List<KernelFigure> figures = new ArrayList<>();

  /**
   * @param out for a line a kernel
   */
  public KernelBenchmark(KernelEffort effort, PrintStream out) {
    this.effort = effort;
    this.out = out;
  }

  /**
   * Measures all kernels and prints them on the way.
   *
   * @throws IllegalStateException if JMH fails
   */
  public void run() {
    measureFolds();
    measureSteps();
    measureCodecs();
    measurePresets();
    measureTransforms();
    measureSerializers();
  }

  void measureFolds() {
    measure(FoldKernel.class, options());
  }

  void measureSteps() {
    measure(StepKernel.class, options());
  }

  /** By index code, so that the baseline is measured not long before. */
  private void measureCodecs() {
    List<String> encodings =
        effort.everyEncoding()
            ? Encoding.all().stream().map(Encoding::name).toList()
            : SOME_ENCODINGS;
    Map<String, List<String>> byIndex =
        encodings.stream()
            .collect(
                Collectors.groupingBy(
                    name -> name.substring(0, name.indexOf('/')),
                    LinkedHashMap::new,
                    Collectors.toList()));
    for (List<String> group : byIndex.values()) {
      String[] names = group.toArray(String[]::new);
      measure(DecodeKernel.class, options().param("encoding", names));
      measure(EncodeKernel.class, options().param("encoding", names));
    }
  }

  void measurePresets() {
    String[] names = Encoding.presets().stream().map(Encoding::name).toArray(String[]::new);
    measure(EncodeKernel.class, options().param("encoding", names));
  }

  void measureTransforms() {
    measure(TransformKernel.class, options());
  }

  void measureSerializers() {
    String[] messages = Stream.of(Message.values()).map(Enum::name).toArray(String[]::new);
    measure(SerializeKernel.class, options().param("message", messages));
  }

  /** What has been measured so far, in order. */
  List<KernelFigure> figures() {
    return List.copyOf(figures);
  }

  /** Writes what has been measured as an array of JSON objects. */
  public void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), figures);
  }

  private ChainedOptionsBuilder options() {
    return new OptionsBuilder()
        .mode(Mode.SampleTime)
        .timeUnit(TimeUnit.NANOSECONDS)
        .forks(effort.forks())
        .warmupIterations(effort.warmups())
        .warmupTime(TimeValue.milliseconds(effort.milliseconds()))
        .measurementIterations(effort.iterations())
        .measurementTime(TimeValue.milliseconds(effort.milliseconds()))
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true);
  }

  private void measure(Class<?> kernels, ChainedOptionsBuilder options) {
    Collection<RunResult> results;
    try {
      results =
          new Runner(
                  options
                      .include("^" + BaselineKernel.class.getName() + "\\.")
                      .include("^" + kernels.getName() + "\\.")
                      .build())
              .run();
    } catch (RunnerException e) {
      throw new IllegalStateException("JMH could not measure " + kernels.getSimpleName(), e);
    }
    double baseline =
        results.stream()
            .filter(result -> isOf(BaselineKernel.class, result))
            .mapToDouble(result -> median(result) / Encoding.LENGTH)
            .findFirst()
            .orElseThrow();
    out.printf(Locale.ROOT, "float[] += float[]: %.3f ns an element%n", baseline);
    for (RunResult result : results) {
      if (!isOf(BaselineKernel.class, result)) {
        KernelFigure figure = figure(result, baseline);
        figures.add(figure);
        print(figure);
      }
    }
  }

  private static boolean isOf(Class<?> kernels, RunResult result) {
    return result.getParams().getBenchmark().startsWith(kernels.getName() + ".");
  }

  private static double median(RunResult result) {
    return statistics(result).getPercentile(50);
  }

  /** In nanoseconds a call. */
  private static Statistics statistics(RunResult result) {
    return result.getPrimaryResult().getStatistics();
  }

  private static KernelFigure figure(RunResult result, double baseline) {
    BenchmarkParams parameters = result.getParams();
    String kernel =
        parameters.getBenchmark().substring(parameters.getBenchmark().lastIndexOf('.') + 1);
    Subject subject = Subject.of(kernel, parameters);
    Statistics nanoseconds = statistics(result);
    double median = nanoseconds.getPercentile(50) / subject.units();
    return new KernelFigure(
        kernel,
        subject.name(),
        subject.unit(),
        median,
        nanoseconds.getPercentile(10) / subject.units(),
        nanoseconds.getPercentile(90) / subject.units(),
        median / baseline);
  }

  private void print(KernelFigure figure) {
    out.printf(
        Locale.ROOT,
        "%-14s %-36s %8.3f ns a %-10s (%.3f to %.3f)  ratio %6.2f%n",
        figure.kernel(),
        figure.subject(),
        figure.nanoseconds(),
        figure.unit(),
        figure.low(),
        figure.high(),
        figure.ratio());
  }

  /**
   * What one call works on.
   *
   * @param units of it in one call
   */
  private record Subject(String name, String unit, double units) {

    static Subject of(String kernel, BenchmarkParams parameters) {
      String message = parameters.getParam("message");
      if (message != null) {
        return ofMessage(Message.valueOf(message));
      }
      String rule = parameters.getParam("rule");
      if (kernel.equals("step")) {
        return new Subject(words(rule), "parameter", Encoding.LENGTH);
      }
      String transform = parameters.getParam("transform");
      if (transform != null) {
        return new Subject(transform, "parameter", Encoding.LENGTH);
      }
      Encoding encoding = Encoding.named(parameters.getParam("encoding"));
      String name = rule == null ? encoding.name() : encoding.name() + " " + words(rule);
      return kernel.equals("encode")
          ? new Subject(name, "parameter", Encoding.LENGTH)
          : new Subject(name, "value", encoding.valuesOfSegment());
    }

    private static Subject ofMessage(Message message) {
      try {
        double floats = (double) message.toBytes().length / Float.BYTES;
        return new Subject(words(message.name()), "four bytes", floats * SerializeKernel.BATCH);
      } catch (IOException e) {
        throw new IllegalStateException("an array in memory does no input or output", e);
      }
    }

    private static String words(String constant) {
      return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }
}
