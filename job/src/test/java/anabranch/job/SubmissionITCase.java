// SPDX-License-Identifier: Apache-2.0
package anabranch.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import anabranch.job.config.FederationConfig;
import anabranch.job.testkit.Await;
import anabranch.job.testkit.JobCluster.Run;
import anabranch.job.testkit.JobMetrics;
import anabranch.job.testkit.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionITCase {

  private static final Duration A_MOMENT = Duration.ofSeconds(30);
  private static final Path METRICS_PAGE = Path.of("..", "docs", "metrics.md");

  /** From here on the page tells of metrics that are not Flink's. */
  private static final String CLIENTS = "## What clients measure";

  private static final Pattern ROW = Pattern.compile("(?m)^\\|((?: `\\w+`,?)+) \\|([^|]*)\\|");
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");

  @TempDir static Path directory;

  private static Stage stage;

  @BeforeAll
  static void open() throws Exception {
    stage = Stage.open(directory);
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void missingTopicsAndMissingModelNameTheCommandThatMakesThem() {
    assertThatThrownBy(SubmissionITCase::define)
        .isInstanceOf(SubmissionException.class)
        .hasMessageContaining("topic 'demo.model' does not exist")
        .hasMessageContaining("./anabranch topics create");
    stage.federation().createTopics();
    assertThatThrownBy(SubmissionITCase::define)
        .isInstanceOf(SubmissionException.class)
        .hasMessageContaining("federation 'demo' has no model yet")
        .hasMessageContaining("./anabranch model init");
  }

  @Test
  void federationThatNeedsNd4jIsRefusedWhereItIsMissing() throws Exception {
    FederationConfig config = stage.federation().config("report.similarity=true");

    assertThatThrownBy(
            () -> Main.define(StreamExecutionEnvironment.getExecutionEnvironment(), config, false))
        .isInstanceOf(SubmissionException.class)
        .hasMessageContaining("report.similarity needs ND4J")
        .hasMessageContaining("Flink's lib/");
  }

  private static void define() throws Exception {
    Main.define(
        StreamExecutionEnvironment.getExecutionEnvironment(), stage.federation().config(), false);
  }

  @Test
  void memoryForAnotherNumberOfStagesIsRefused() throws Exception {
    stage.begin();
    FederationConfig config =
        stage
            .federation()
            .config("schedule.blocks=round-robin", "cohort.required-memory=300mb, 200mb");

    assertThatThrownBy(
            () -> Main.define(StreamExecutionEnvironment.getExecutionEnvironment(), config, false))
        .isInstanceOf(SubmissionException.class)
        .hasMessageContaining("cohort.required-memory has 2 sizes")
        .hasMessageContaining("has 3 stages");
  }

  @Test
  void webUiShowsTheOperatorsAndTheMetricsOfTheirPage() throws Exception {
    stage.begin();
    stage.cluster().submit(stage.federation().config(), Run.PLAIN);
    JobMetrics metrics = new JobMetrics(stage.cluster());
    assertThat(metrics.vertices())
        .containsExactlyInAnyOrder(
            "Source: updates -> validate updates",
            "Source: check-ins -> validate check-ins",
            "Source: model -> validate model",
            "Source: deltas -> validate deltas",
            "Source: control -> validate control",
            "coordinate rounds",
            "aggregate segments",
            "seal versions",
            "publish: Writer -> publish: Committer");
    Await.until(
        "the metrics are there",
        A_MOMENT,
        () ->
            !metrics.names("coordinate rounds").isEmpty()
                && !metrics.names("aggregate segments").isEmpty());
    TreeSet<String> shown = metrics.names("coordinate rounds");
    shown.addAll(metrics.names("aggregate segments"));
    assertThat(shown).isEqualTo(documented());
    stage.cluster().cancel();
  }

  private static TreeSet<String> documented() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    String page = Files.readString(METRICS_PAGE);
    ROW.matcher(page.substring(0, page.indexOf(CLIENTS)))
        .results()
        .forEach(
            row -> NAME.matcher(row.group(1)).results().forEach(name -> names.add(name.group(1))));
    return names;
  }
}
