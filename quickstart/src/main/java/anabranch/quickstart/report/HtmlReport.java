// SPDX-License-Identifier: Apache-2.0
package anabranch.quickstart.report;

import static j2html.TagCreator.body;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.section;
import static j2html.TagCreator.style;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;

import anabranch.protocol.message.RoundReport;
import j2html.Config;
import j2html.rendering.FlatHtml;
import j2html.tags.DomContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run as one HTML file: results, settings, plots and the table of rounds. Everything is in it, so
 * it can be read without a network and sent by mail; it is XML too. Text is escaped.
 */
public final class HtmlReport {

  private static final Logger LOG = LoggerFactory.getLogger(HtmlReport.class);

  /** The plots are drawn on white; a page in dark colours shows them inverted, hues kept. */
  private static final String STYLE =
      """
      :root { color-scheme: light dark; }
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: 0.15rem 0.8rem 0.15rem 0; text-align: left; vertical-align: top; }
      thead th { border-bottom: 1px solid; }
      .rounds td, .rounds th { text-align: right; }
      .rounds td.note { text-align: left; }
      .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 1rem; }
      figure { margin: 0; }
      figure svg { width: 100%; height: auto; }
      .wide { overflow-x: auto; }
      @media (prefers-color-scheme: dark) { figure svg { filter: invert(0.9) hue-rotate(180deg); } }
      """;

  private static final List<String> COLUMNS =
      List.of("round", "outcome", "blocks", "clients", "late", "rejected", "uplink bytes", "ratio");

  /** Beside them where rounds train stages. */
  private static final List<String> STAGE_COLUMNS =
      List.of("stage", "λ", "γ", "nHSIC(X; Z)", "nHSIC(Y; Z)", "eligible");

  private HtmlReport() {}

  /**
   * Writes the file, over one that is there.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(RunReport run, Path file) throws IOException {
    Files.writeString(file, render(run));
  }

  static String render(RunReport run) {
    StringBuilder page = new StringBuilder("<!DOCTYPE html>");
    try {
      html(
              head(
                  meta().withCharset("utf-8"),
                  meta().withName("viewport").withContent("width=device-width"),
                  title(run.title()),
                  style(rawHtml(STYLE))),
              body(
                  h1(run.title()),
                  section(h2("Results"), pairs(run.results())),
                  section(h2("Plots"), plots(run)),
                  section(h2("Settings"), pairs(run.settings())),
                  section(h2("Rounds"), rounds(run))))
          .withLang("en")
          .render(FlatHtml.into(page, Config.defaults().withEmptyTagsClosed(true)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return page.toString();
  }

  private static DomContent pairs(Map<String, String> pairs) {
    return table(tbody(each(pairs, (name, value) -> tr(th(name).attr("scope", "row"), td(value)))));
  }

  private static DomContent plots(RunReport run) {
    List<DomContent> figures = new ArrayList<>();
    try {
      for (Plot plot : RoundPlots.of(run)) {
        figures.add(figure(rawHtml(plot.svg("plot" + figures.size()))));
      }
    } catch (LinkageError | InternalError | RuntimeException e) {
      // Java draws text with the system's font libraries, which bare containers lack.
      LOG.debug("no plots", e);
      return p("There are no plots: this Java finds no fonts. Install fontconfig and a font.");
    }
    return figures.isEmpty()
        ? p("No round was completed.")
        : div(figures.toArray(DomContent[]::new)).withClass("plots");
  }

  private static DomContent rounds(RunReport run) {
    return div(table(
                thead(
                    tr(
                        each(COLUMNS, HtmlReport::heading),
                        each(run.blockwise() ? STAGE_COLUMNS : List.of(), HtmlReport::heading),
                        heading(run.score().label()),
                        heading("seconds"),
                        heading("note"))),
                tbody(each(run.rounds(), round -> row(round, run))))
            .withClass("rounds"))
        .withClass("wide");
  }

  private static DomContent heading(String text) {
    return th(text).attr("scope", "col");
  }

  private static DomContent row(ReportedRound round, RunReport run) {
    return tr(
        td(Long.toString(round.report().round())),
        td(round.report().outcome().name().toLowerCase(Locale.ROOT)),
        td(round.blocks()),
        td(round.report().contributions().size() + "/" + round.report().cohort().size()),
        td(Long.toString(round.missed())),
        td(Long.toString(round.report().ledger().rejected())),
        td(number("%,d", round.report().recordBytes())),
        td(round.ratio().isPresent() ? number("%.1f", round.ratio().getAsDouble()) : ""),
        each(run.blockwise() ? ofStage(round.report()) : List.of(), value -> td(value)),
        td(round.score().isPresent() ? run.score().text(round.score().getAsDouble()) : ""),
        td(number("%.2f", round.seconds())),
        td(round.report().note()).withClass("note"));
  }

  private static List<String> ofStage(RoundReport report) {
    return List.of(
        Integer.toString(report.stage()),
        number("%.2f", report.lambda()),
        number("%.2f", report.gamma()),
        metric(report, "nhsicX"),
        metric(report, "nhsicY"),
        Integer.toString(report.eligible()));
  }

  private static String metric(RoundReport report, String name) {
    Double value = report.metrics().get(name);
    return value == null ? "" : number("%.3f", value);
  }

  private static String number(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }
}
