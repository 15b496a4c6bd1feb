package io.jsockmap.testkit.cover;

import io.jsockmap.testkit.cover.FileCoverage.Share;
import io.jsockmap.testkit.source.SourceFiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Coverage as a page of HTML that stands alone: it fetches nothing and runs no script. What was not
 * reached is said in words and signs besides its colour.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CoverageExamples" region="report"}
 */
public final class CoverageReport {
    private static final String STYLE = read("coverage.css");

    private final StringBuilder out = new StringBuilder();
    private final SourceFiles files;

    private CoverageReport(SourceFiles files) {
        this.files = files;
    }

    /**
     * The page.
     *
     * @param title what was covered: mostly the object's name
     */
    public static String html(String title, SourceCoverage coverage, SourceFiles files) {
        var report = new CoverageReport(files);
        report.page(title, coverage);
        return report.out.toString();
    }

    private static String read(String name) {
        try (var in = CoverageReport.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void line(String format, Object... values) {
        out.append(format.formatted(values)).append('\n');
    }

    private void page(String title, SourceCoverage coverage) {
        line("<!DOCTYPE html>");
        line("<html lang=\"en\">");
        line("<head>");
        line("<meta charset=\"utf-8\">");
        line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        line("<meta name=\"color-scheme\" content=\"light dark\">");
        line("<title>Coverage of %s</title>", escape(title));
        line("<style>");
        out.append(STYLE);
        line("</style>");
        line("</head>");
        line("<body>");
        line("<header>");
        line("<h1>Coverage of %s</h1>", escape(title));
        line(
                "<p>Lines: %s. Branches, each way: %s. Functions: %s.</p>",
                coverage.lineShare(), coverage.branchShare(), coverage.functionShare());
        line("</header>");
        line("<main>");
        summary(coverage);
        for (int i = 0; i < coverage.files().size(); i++) file(coverage.files().get(i), i);
        line("</main>");
        line("</body>");
        line("</html>");
    }

    private void summary(SourceCoverage coverage) {
        line("<h2>Files</h2>");
        line("<table class=\"summary\">");
        line(
                "<thead><tr><th scope=\"col\">File</th><th scope=\"col\">Lines</th><th"
                    + " scope=\"col\">Branches</th><th scope=\"col\">Functions</th></tr></thead>");
        line("<tbody>");
        for (int i = 0; i < coverage.files().size(); i++) {
            var file = coverage.files().get(i);
            line(
                    "<tr><th scope=\"row\"><a href=\"#file%d\">%s</a></th>%s%s%s</tr>",
                    i,
                    escape(file.name()),
                    cell(file.lineShare()),
                    cell(file.branchShare()),
                    cell(file.functionShare()));
        }
        line("</tbody></table>");
    }

    private static String cell(Share share) {
        return "<td>%s%s</td>".formatted(share, share.percent() == 100 ? " ✓" : "");
    }

    private void file(FileCoverage file, int number) {
        line("<section aria-labelledby=\"file%d\">", number);
        line("<h2 id=\"file%d\">%s</h2>", number, escape(file.name()));
        if (!file.functions().isEmpty()) functions(file, number);
        var text = SourceText.of(file, files);
        if (!text.note().isEmpty()) line("<p>%s</p>", escape(text.note()));
        line("<table class=\"source\">");
        line("<caption>%s, line by line</caption>", escape(file.name()));
        line(
                "<thead><tr><th scope=\"col\">Line</th><th scope=\"col\">Times</th><th"
                        + " scope=\"col\">Branches</th><th scope=\"col\">Source</th></tr></thead>");
        line("<tbody>");
        for (var row : text.rows()) row(row, number);
        line("</tbody></table>");
        line("</section>");
    }

    private void functions(FileCoverage file, int number) {
        line("<table class=\"summary\">");
        line("<caption>Functions of %s</caption>", escape(file.name()));
        line("<thead><tr><th scope=\"col\">Function</th><th scope=\"col\">Calls</th></tr></thead>");
        line("<tbody>");
        for (var function : file.functions()) {
            line(
                    "<tr%s><th scope=\"row\"><a href=\"#f%dl%d\">%s</a></th><td>%s</td></tr>",
                    function.count() == 0 ? " class=\"missed\"" : "",
                    number,
                    function.line(),
                    escape(function.name()),
                    function.count() == 0 ? "✗ never" : Long.toString(function.count()));
        }
        line("</tbody></table>");
    }

    private void row(SourceText.Row row, int number) {
        line(
                "<tr id=\"f%dl%d\"%s><th scope=\"row\">%d</th><td>%s</td><td>%s</td>"
                        + "<td><code>%s</code></td></tr>",
                number,
                row.number(),
                row.coverage().map(CoverageReport::kind).orElse(""),
                row.number(),
                row.coverage().map(CoverageReport::times).orElse(""),
                row.coverage().flatMap(CoverageReport::branches).orElse(""),
                escape(row.text()));
    }

    private static String kind(LineCoverage line) {
        if (line.count() == 0) return " class=\"missed\"";
        boolean isPartly = line.branchesHit() < line.branchesFound();
        return isPartly ? " class=\"partly\"" : " class=\"hit\"";
    }

    private static String times(LineCoverage line) {
        return line.count() == 0 ? "✗ never" : Long.toString(line.count());
    }

    private static Optional<String> branches(LineCoverage line) {
        if (line.branches().isEmpty()) return Optional.empty();
        int hit = line.branchesHit();
        int found = line.branchesFound();
        var sign = hit == found ? "✓ " : "⚠ ";
        var missed = hit == found || line.count() == 0 ? List.<String>of() : missed(line);
        var details =
                missed.isEmpty()
                        ? ""
                        : missed.stream()
                                .map(text -> "<li>%s</li>".formatted(escape(text)))
                                .collect(
                                        Collectors.joining(
                                                "",
                                                "<details><summary>missed</summary><ul>",
                                                "</ul></details>"));
        return Optional.of("%s%d/%d%s".formatted(sign, hit, found, details));
    }

    private static List<String> missed(LineCoverage line) {
        List<String> missed = new ArrayList<>();
        int number = 1;
        for (var branch : line.branches()) {
            var jump = "jump %d (%s)".formatted(number++, branch.condition());
            if (branch.hit() == 0) missed.add(jump + " never reached");
            else if (branch.taken() == 0) missed.add(jump + " never taken");
            else if (branch.notTaken() == 0) missed.add(jump + " always taken");
        }
        return missed;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
