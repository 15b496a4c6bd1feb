package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code debug} as one types at it. */
class DebugCommandTest {
    private static final String FLUSHALL =
            Outcome.ROOT.resolve("examples/template/src/test/scenarios/flushall.yaml").toString();

    private static final String MESSAGE = "DELETE /x HTTP/1.1\\r\\n\\r\\n";

    @Test
    void aMessageIsFollowedToItsVerdictAndBack() {
        var outcome =
                Outcome.withInput(
                        """
                        break verdict drop
                        continue
                        back
                        break helper map_lookup_elem
                        rc
                        print outcome
                        quit
                        """,
                        "debug",
                        Outcome.example("http-policy"),
                        "judge",
                        "--message",
                        MESSAGE);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .startsWith("judge of http-policy.bpf.o: 2 runs;")
                .containsSubsequence(
                        "#2 judge (sk_skb) is over: DROP",
                        "by http-policy.bpf.c:124: return OUTCOME(deny());",
                        "http-policy.bpf.c:132: }",
                        "breakpoint 2, helper map_lookup_elem",
                        "outcome = 0");
    }

    @Test
    void aScenarioIsFollowedThroughItsMessages() {
        var outcome =
                Outcome.withInput(
                        """
                        break verdict drop
                        continue
                        info runs
                        quit
                        """,
                        "debug",
                        Outcome.ROOT
                                .resolve("examples/template/src/main/bpf/policy.bpf.o")
                                .toString(),
                        "--scenario",
                        FLUSHALL,
                        "--only",
                        "FLUSHALL",
                        "--play",
                        "whole");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .startsWith("flushall.yaml: FLUSHALL: 6 runs;")
                .containsSubsequence(
                        "all is as expected",
                        "in flushall.yaml:13: send:",
                        "breakpoint 1, verdict drop",
                        "run 1 of parse (sk_skb): message of 6 bytes  flushall.yaml:13: send:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    echo --scenario x.yaml            | a scenario says itself which programs are attached
                    --scenario x.yaml --message a     | --message is not for a scenario, which says that itself
                    --scenario x.yaml --set a=1       | --set is not for a scenario, which says that itself
                    echo --play whole                 | --play is for a scenario: name one by --scenario
                    --scenario x.yaml --play joined   | Invalid value for option '--play'
                    --delivery whole                  | name a PROGRAM or a --scenario
                    """)
    void optionsThatDoNotGoTogetherGetALine(String arguments, String complaint) {
        var words = ("debug %s %s".formatted(Outcome.example("echo"), arguments)).split(" +");

        var outcome = Outcome.of(words);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains(complaint).doesNotContain("\tat ");
    }

    @Test
    void oneOfSeveralScenariosIsNamed() {
        CommandLineTest.assertRefused(
                Outcome.of("debug", Outcome.example("echo"), "--scenario", FLUSHALL),
                "EINVAL: flushall.yaml: name one of its scenarios by a part of its name; there are:"
                        + " FLUSHALL is dropped");
    }

    @Test
    void whatCannotBePlayedGetsALine() {
        var object = Outcome.example("echo");
        CommandLineTest.assertRefused(
                Outcome.of("debug", object, "nobody"),
                "ENOENT: echo.bpf.o has no program named nobody");
        CommandLineTest.assertRefused(
                Outcome.of("debug", object, "echo", "--insert", "sockets"),
                "EINVAL: --insert sockets: expected MAP[KEY]=SOCKET");
        CommandLineTest.assertRefused(
                Outcome.of("debug", object, "echo", "--insert", "sockets[cookie]=nobody"),
                "EINVAL: cookie: there is no socket nobody (there are: client, upstream)");
    }

    @Test
    void messagesAreWrittenAsInC() {
        var text = new MessageText().convert("a\\r\\n\\t\\0\\x7f\\\\é");
        assertThat(text).containsExactly('a', '\r', '\n', '\t', 0, 0x7f, '\\', 0xc3, 0xa9);
        assertThat(new HexBytes().convert("00 ff")).containsExactly(0, 0xff);
        assertThat(Outcome.of("debug", "x.o", "p", "--message", "a\\q").err())
                .contains("'a\\q': behind a backslash stands r, n, t, 0, xHH or a backslash");
    }
}
