package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Manual pages and completion are made of what commands say of themselves. */
class ManCommandTest {
    @TempDir private Path folder;

    @Test
    void thereIsAPageForEachCommand() throws IOException {
        var outcome = Outcome.of("generate-man", folder.toString());

        assertThat(outcome.code()).isZero();
        for (var name : List.of("run", "test", "verify", "prog", "prog-list", "map-dump")) {
            assertThat(folder.resolve("jsockmap-%s.1".formatted(name))).exists();
        }
        var page = Files.readString(folder.resolve("jsockmap-prog-run.1"));
        assertThat(page)
                .startsWith(".TH \"JSOCKMAP\\-PROG\\-RUN\" \"1\"")
                .contains(
                        "jsockmap-prog-run \\- Runs one program on a message",
                        ".SH \"OPTIONS\"",
                        "\\fB\\-\\-linear N\\fR",
                        ".SH \"EXAMPLES\"",
                        "\\fBjsockmap\\-prog\\fR(1)");
    }

    /** A line that begins with a point, or has a backslash, means something to the formatter. */
    @Test
    void noTextIsTakenForAMacro() throws IOException {
        Outcome.of("generate-man", folder.toString());

        var page = Files.readString(folder.resolve("jsockmap-prog-run.1"));
        assertThat(page.lines().filter(line -> line.startsWith(".")))
                .allMatch(line -> line.matches("\\.(TH|SH|TP|nf|fi)( \".*\")*"));
        assertThat(page).contains("1.1\\er\\en");
    }

    @Test
    void theShellCompletesCommandsAndOptions() {
        var script = Outcome.of("generate-completion").out();

        assertThat(script).contains("_complete_jsockmap", "--junit-xml");
    }
}
