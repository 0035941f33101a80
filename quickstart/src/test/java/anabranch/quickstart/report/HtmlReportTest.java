// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart.report;

import static org.assertj.core.api.Assertions.assertThat;

import anabranch.client.train.Evaluation;
import anabranch.protocol.message.Contribution;
import anabranch.protocol.message.Ledger;
import anabranch.protocol.message.RoundOutcome;
import anabranch.protocol.message.RoundReport;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {

  private static final RunReport RUN =
      new RunReport(
          "A <run>",
          Score.ACCURACY,
          Map.of("accuracy", "84 % & more"),
          Map.of("partition", "<script>alert(1)</script>"),
          List.of(
              round(1, RoundOutcome.COMPLETED, "", evaluated(0.5)),
              round(2, RoundOutcome.COMPLETED, "", Optional.empty()),
              round(3, RoundOutcome.ABANDONED, "too <few>", Optional.empty()),
              round(4, RoundOutcome.COMPLETED, "", evaluated(0.7))));

  private final String page = HtmlReport.render(RUN);

  @Test
  void textIsEscaped() {
    assertThat(page)
        .contains("A &lt;run&gt;", "84 % &amp; more", "too &lt;few&gt;")
        .doesNotContain("<script");
  }

  @Test
  void everyRoundHasARow() throws Exception {
    assertThat(texts(parse(), "td"))
        .contains("1", "2", "3", "4", "50.00 %", "70.00 %", "too <few>");
    assertThat(parse().getElementsByTagName("tr").getLength()).isEqualTo(1 + 1 + 1 + 4);
  }

  @Test
  void blockwiseRoundsTellStageWeightsDependencesAndWhoWasEligible() throws Exception {
    RunReport blockwise =
        new RunReport(
            "Stages",
            Score.ACCURACY,
            Map.of(),
            Map.of(),
            List.of(
                staged(1, 1, 1.0, 0.25, Map.of("nhsicX", 0.9125, "nhsicY", 0.5)),
                staged(2, 2, 0.5, 0.75, Map.of())));
    Document document = parse(HtmlReport.render(blockwise));

    assertThat(texts(document, "th"))
        .contains("stage", "λ", "γ", "nHSIC(X; Z)", "nHSIC(Y; Z)", "eligible");
    assertThat(texts(document, "td"))
        .containsSubsequence("1", "1.00", "0.25", "0.913", "0.500", "4")
        .containsSubsequence("2", "0.50", "0.75", "", "", "4");
    assertThat(texts(parse(), "th")).doesNotContain("stage");
  }

  @Test
  void plotsAreInThePageWithIdsOfTheirOwn() throws Exception {
    Document document = parse();
    List<String> ids = new ArrayList<>();
    NodeList clips = document.getElementsByTagName("clipPath");
    for (int i = 0; i < clips.getLength(); i++) {
      ids.add(clips.item(i).getAttributes().getNamedItem("id").getNodeValue());
    }

    assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(4);
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(page).contains("url(#" + ids.get(0) + ")");
  }

  @Test
  void nothingIsFetched() {
    assertThat(page.replaceAll("xmlns(:xlink)?=\"http://www.w3.org[^\"]*\"", ""))
        .doesNotContain("http:", "https:", "src=", "<link", "@import");
  }

  @Test
  void runWithoutRoundsIsToldToo() {
    RunReport nothing = new RunReport("Nothing", Score.ACCURACY, Map.of(), Map.of(), List.of());

    assertThat(HtmlReport.render(nothing)).contains("No round was completed.");
  }

  private Document parse() throws Exception {
    return parse(page);
  }

  private static Document parse(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page)));
  }

  private static List<String> texts(Document document, String tag) {
    NodeList nodes = document.getElementsByTagName(tag);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  private static Optional<Evaluation> evaluated(double accuracy) {
    return Optional.of(new Evaluation(1, accuracy, OptionalDouble.empty(), 100));
  }

  private static ReportedRound round(
      long round, RoundOutcome outcome, String note, Optional<Evaluation> evaluation) {
    return round(round, outcome, note, evaluation, 1, 0, 0, Map.of());
  }

  private static ReportedRound staged(
      long round, int stage, double lambda, double gamma, Map<String, Double> metrics) {
    return round(round, RoundOutcome.COMPLETED, "", evaluated(0.5), stage, lambda, gamma, metrics);
  }

  private static ReportedRound round(
      long round,
      RoundOutcome outcome,
      String note,
      Optional<Evaluation> evaluation,
      int stage,
      double lambda,
      double gamma,
      Map<String, Double> metrics) {
    return new ReportedRound(
        new RoundReport(
            "demo",
            1,
            round,
            1,
            outcome,
            round,
            stage,
            lambda,
            gamma,
            List.of(0, 1),
            4,
            List.of("a", "b"),
            2,
            note,
            List.of(new Contribution("a", 10, 100, Map.of())),
            metrics,
            1_000,
            1_100,
            1_200,
            2_000,
            2_500,
            1_000_000,
            500_000,
            1_000_000,
            0.1,
            Ledger.EMPTY,
            Ledger.EMPTY,
            null),
        evaluation);
  }
}
