package io.jsockmap.testkit.debug;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.testkit.Approved;
import io.jsockmap.testkit.record.Tour;
import io.jsockmap.testkit.source.SourceFiles;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;

/** The debugger as one types at it. */
class DebugTerminalTest {
    /** What it answers, with what was typed behind each prompt. */
    private static String typed(Session session, String... commands) {
        var answers = new StringWriter();
        try {
            new DebugTerminal(
                            new Debugger(session),
                            SourceFiles.of(Tour.OBJECT, List.of()),
                            new StringReader(String.join("\n", commands) + "\n"),
                            answers)
                    .run();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        var text = answers.toString().replace("\r\n", "\n");
        for (var command : commands) {
            text = text.replaceFirst("\\(jsockmap\\) (?!>)", "(jsockmap) > " + command + "\n");
        }
        return text.replace("(jsockmap) > ", "(jsockmap) ");
    }

    @Test
    void aTourIsAsApproved() throws Exception {
        Approved.check(
                "debug-tour.txt",
                typed(
                        Played.session("Wbc", "Lx"),
                        "break note",
                        "continue",
                        "bt",
                        "regs",
                        "list",
                        "break helper map_update_elem",
                        "c",
                        "stack",
                        "print kind",
                        "delete",
                        "break 89",
                        "c",
                        "packet",
                        "next",
                        "packet",
                        "back",
                        "packet",
                        "maps",
                        "print msg->size",
                        "break verdict pass",
                        "continue",
                        "info runs",
                        "info instructions",
                        "quit"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    dance            | there is no command dance
                    break 1          | (no instruction is there)
                    break nobody     | (no program has a function of that name)
                    break a-b        | 'a-b' is no place: FILE:LINE
                    break verdict x  | 'x' is no verdict: pass, drop
                    delete 7         | there is no breakpoint 7
                    print nobody     | nothing is called 'nobody' here
                    info everything  | info is of breakpoints, runs, context, instructions
                    backi            | nothing is before this
                    """)
    void whatCannotBeDoneGetsALine(String command, String answer) {
        assertThat(typed(Played.session("Pa"), command)).contains(answer);
    }

    @Test
    void theStartOfACommandIsEnough() {
        assertThat(typed(Played.session("Pa"), "b note", "c", "p weight", "q"))
                .contains("breakpoint 1, function note", "weight = LIGHT");
    }

    @Test
    void anEmptyLineIsTheLastCommandAgain() {
        assertThat(typed(Played.session("Pa"), "stepi", "", ""))
                .contains("  1: ", "  2: ", "  3: ");
    }

    @Test
    void aSessionWithoutRunsSaysSo() {
        assertThat(typed(Session.of("nothing", List::of), "step", "quit"))
                .contains("nothing: 0 runs", "no program was run");
    }
}
