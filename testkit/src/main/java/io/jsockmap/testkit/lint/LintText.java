package io.jsockmap.testkit.lint;

import java.util.List;
import java.util.stream.Stream;

/**
 * Findings for people.
 *
 * {@snippet class="io.jsockmap.testkit.examples.LintExamples" region="findings"}
 */
public final class LintText {
    private LintText() {}

    /** Some lines: where, what, and what to do. */
    public static String of(String object, Finding finding) {
        var program = finding.program().map(p -> p + ": ").orElse("");
        var line = finding.line().map(l -> "    " + l.text() + "\n").orElse("");
        return "%s: %s: %s%s [%s]%n%s  Fix: %s"
                .formatted(
                        finding.place(object),
                        finding.severity(),
                        program,
                        finding.why(),
                        finding.rule(),
                        line,
                        finding.fix());
    }

    /** A line about all. */
    public static String summary(List<Finding> all) {
        if (all.isEmpty()) return "Nothing found.";
        var counts =
                Stream.of(Severity.values())
                        .map(severity -> count(all, severity))
                        .filter(text -> !text.isEmpty())
                        .toList();
        return "%s. docs/lint.md explains the rules.".formatted(String.join(", ", counts));
    }

    private static String count(List<Finding> all, Severity severity) {
        long count = all.stream().filter(f -> f.severity() == severity).count();
        if (count == 0) return "";
        return "%d %s%s".formatted(count, severity, count == 1 ? "" : "s");
    }
}
