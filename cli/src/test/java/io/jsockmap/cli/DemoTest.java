package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** {@code demo} shows the three verdicts, and where in the C source they were given. */
class DemoTest {

    @BeforeEach
    void atHome() {
        System.setProperty("jsockmap.home", Outcome.ROOT.toString());
    }

    @AfterEach
    void leave() {
        System.clearProperty("jsockmap.home");
    }

    @Test
    void theThreeVerdictsAreShownWithTheirLinesOfC() throws Exception {
        var outcome = Outcome.of("demo");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        Approved.check(
                "demo",
                outcome.out()
                        .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT")
                        .replaceAll("\\(by .*\\)", "(by TRANSPORT)"));
    }

    @Test
    void withoutTheExampleItSaysFromWhereToStart(@TempDir Path elsewhere) {
        System.setProperty("jsockmap.home", elsewhere.toString());
        CommandLineTest.assertRefused(
                Outcome.of("demo"), "the demo needs examples/http-policy/http-policy.bpf.o");
    }
}
