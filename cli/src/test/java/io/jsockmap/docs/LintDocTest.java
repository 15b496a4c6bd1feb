package io.jsockmap.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.testkit.lint.Rule;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** docs/lint.md is made of the table of rules. */
@DisplayName("docs/lint.md")
class LintDocTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    private static final Path DOCUMENT = ROOT.resolve("docs/lint.md");
    private static final Path RECEIVED = ROOT.resolve("cli/target/received/lint.md");
    private static final String FIXTURES = "testkit/src/test/resources/lint/";

    private static final String TOP =
            """
            # What lint finds, and what to do

            `jsockmap lint OBJECT...` looks for what goes wrong with real connections although Linux loads it. It runs nothing. Of each
            finding it prints the C line, what happens, and what usually repairs it.

            - An *error* can't do what it was written for. A *warning* goes wrong for some connections, or on some kernels. A *note* may well
              be meant so, and has a consequence that one should know. `--severity LEVEL` leaves out what is less.
            - The exit code is 1 if there is an error or a warning; `--fail-on LEVEL` chooses another limit.
            - `--rule ID` looks for one rule, `--skip-rule ID` for all others, `--skip-rule ID:PROGRAM` leaves one out in one program. A comment
              in C can't do that: it is not in the object.
            - `--json` prints a line of JSON for each finding.

            Lint walks no path by itself: it knows which values registers and the stack may hold at an instruction, whatever led there. In
            doubt it says nothing, so what it does not find may still be wrong. In Java: `Lint.of(object)`, and `Lint.running(object)`
            for an object whose maps hold sockets.

            Each rule below has a program that is wrong and its corrected twin, which tests hold it to. This file is made of the
            table of rules (`Rule`); change it there.

            | rule | finds |
            | --- | --- |
            """;

    @Test
    @DisplayName("says what the table of rules says")
    void theDocumentIsUpToDate() throws IOException {
        var current = document();
        var known = Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "";
        if (!current.equals(known)) {
            Files.createDirectories(RECEIVED.getParent());
            Files.writeString(RECEIVED, current);
        }
        assertThat(known)
                .as("the table has changed: cp %s %s", RECEIVED, DOCUMENT)
                .isEqualTo(current);
    }

    private static String document() {
        var text = new StringBuilder(TOP);
        for (var rule : Rule.values()) {
            text.append("| [%1$s](#%1$s) | %2$s |\n".formatted(rule, rule.title()));
        }
        for (var rule : Rule.values()) section(text, rule);
        return text.toString();
    }

    private static void section(StringBuilder text, Rule rule) {
        text.append("\n## %s\n\n".formatted(rule));
        text.append("**%s.** %s\n".formatted(rule.title(), escaped(rule.why())));
        text.append("\n**Fix.** %s\n".formatted(escaped(rule.fix())));
        if (!Files.exists(ROOT.resolve(FIXTURES + rule + "-wrong.bpf.c"))) return;
        text.append(
                "\n[Wrong](../%1$s%2$s-wrong.bpf.c), [corrected](../%1$s%2$s-right.bpf.c).\n"
                        .formatted(FIXTURES, rule));
    }

    private static String escaped(String prose) {
        return prose.replace("<", "\\<").replace("*", "\\*").replace("_", "\\_");
    }
}
