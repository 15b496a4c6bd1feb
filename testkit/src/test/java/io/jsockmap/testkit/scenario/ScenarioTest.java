package io.jsockmap.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.testkit.Programs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Scenario files: what they can do, what they can expect, and what they say if it is otherwise. */
class ScenarioTest {
    private static final String HEAD =
            """
            name: a test
            sockets:
              client: {role: accepted, local: "10.0.0.1:80", remote: "10.0.0.2:4000"}
              upstream: connected
            attach:
              - send=sockets
              - receive=sockets
            insert:
              - route[4000]=upstream
            steps:
            """;

    @TempDir private Path folder;

    private ScenarioResult play(Path object, String text) throws IOException {
        var file = Files.writeString(folder.resolve("test.yaml"), text);
        return new ScenarioRunner(Optional.of(object), 1).run(ScenarioReader.read(file).getFirst());
    }

    private ScenarioResult play(String steps) throws IOException {
        return play(Programs.own("workbench"), HEAD + steps.indent(2));
    }

    private static String report(ScenarioResult result) {
        return ScenarioReport.text(result);
    }

    private void passes(String steps) throws IOException {
        var result = play(steps);
        assertThat(result.passed()).as(report(result)).isTrue();
    }

    private void fails(String steps, String... words) throws IOException {
        assertThat(report(play(steps))).startsWith("FAIL").contains(words);
    }

    // --- What can be done and expected -----------------------------------------------------------

    @Test
    void whatIsReceivedIsJudgedAndRead() throws IOException {
        passes(
                """
                - send: hello
                  from: client.peer
                - verdict: PASS
                  of: client
                  program: receive
                - expect: hello
                  at: client
                - send: "!"
                  from: client.peer
                - verdict: DROP
                  of: client
                - expect: ""
                  at: client
                """);
    }

    @Test
    void whatIsSentIsJudgedAndGoesItsWay() throws IOException {
        passes(
                """
                - send: hello
                  from: client
                - expect: hello
                  at: client.peer
                - send: "!"
                  from: client
                  errno: EACCES
                - printed: dropped 1 bytes
                - send: ">there"
                  from: client
                - verdict: [PASS, DROP, REDIRECT]
                  of: client
                  to: upstream
                - expect: ">th"
                  at: upstream
                  match: start
                """);
    }

    @Test
    void mapsVariablesAndEventsAreLookedAt() throws IOException {
        passes(
                """
                - send: ">there"
                  from: client
                - value: last[4000]
                  is: "{port=4000, size=6}"
                - value: last[1]
                  is: nothing
                - value: counts[1]
                  is: 1
                - value: seen
                  is: 1
                - value: route[4000]
                  is: upstream
                - value: sockets[client.cookie]
                  is: client
                - event: {hex: "a00f0000 06000000"}
                  of: events
                """);
    }

    @Test
    void connectionsEnd() throws IOException {
        passes(
                """
                - send: bye
                  from: client.peer
                - close: client.peer
                - expect: bye
                  at: client
                - expect-end: client
                - shutdown: client
                - expect-end: client.peer
                - reset: upstream.peer
                - expect-error: upstream
                  errno: ECONNRESET
                - open: third
                  as: {role: connected}
                - reset: third
                - expect-error: third.peer
                  errno: ECONNRESET
                """);
    }

    /** An application is told of an error once, by the read that comes to it. */
    @Test
    void anErrorIsNoEndAndIsNotForgotten() throws IOException {
        var broken =
                """
                - send: x
                  from: client.peer
                - reset: client.peer
                - expect: x
                  at: client
                """;

        passes(broken + "- expect-error: client\n  errno: ECONNRESET\n");
        fails(broken + "- expect-end: client\n", "expected the end of stream");
    }

    @Test
    void mapsAreChangedOnTheWay() throws IOException {
        passes(
                """
                - delete: route[4000]
                - delete: route[4000]
                  errno: ENOENT
                - send: ">"
                  from: client
                  errno: EACCES
                - insert: route[4000]=client
                - send: ">"
                  from: client
                - expect: ">"
                  at: client
                - set: last[7]={port=7, size=1}
                - value: last[7]
                  is: "{size=1, port=7}"
                - advance: 5s
                """);
    }

    @Test
    void anApplicationThatMayNotWaitSendsAsMuchAsThereIsRoomFor() throws IOException {
        var text =
                HEAD.replace("attach:", "plays: kernel\nsend-buffer: 4096\nattach:")
                        + """
                        - send: {repeat: x, times: 600000}
                          from: client
                          accepts: 557056
                        - send: more
                          from: client
                          errno: EAGAIN
                        - expect: {repeat: x, times: 557056}
                          at: client.peer
                        - send: more
                          from: client
                        """
                                .indent(2);

        var result = play(Programs.own("workbench"), text);

        assertThat(result.passed()).as(report(result)).isTrue();
    }

    @Test
    void variablesAreSetBeforeTheObjectIsLoaded() throws IOException {
        var text =
                HEAD.replace("attach:", "set: [limit=2]\nattach:")
                        + """
                        - send: abc
                          from: client.peer
                        - verdict: DROP
                          of: client
                        """
                                .indent(2);

        assertThat(play(Programs.own("workbench"), text.replace("steps:", "plays: whole\nsteps:")))
                .matches(ScenarioResult::passed);
        // A network that cuts is not held back by a limit of lengths.
        assertThat(report(play(Programs.own("workbench"), text)))
                .contains("expected DROP for what client, found PASS", "a cut behind byte 1");
    }

    // --- What is not as expected -----------------------------------------------------------------

    @Test
    void otherBytesAreShownWithTheirDifference() throws IOException {
        fails(
                """
                - send: hello
                  from: client.peer
                - expect: help!
                  at: client
                """,
                "test.yaml:13: expect: help!",
                "client reads \"hello\", expected \"help!\"",
                "first difference at byte 3 of 5 expected, 5 found",
                "expected 0000  68 65 6c 70 21",
                "found    0000  68 65 6c 6c 6f");
    }

    @Test
    void aVerdictNamesTheLineThatDecided() throws IOException {
        fails(
                """
                - send: "!"
                  from: client.peer
                - verdict: PASS
                  of: client
                """,
                "expected PASS for what client, found DROP",
                "the last run was of receive on 1 bytes of client: it returned 0",
                "workbench.bpf.c:");
    }

    @Test
    void whatIsNotThereIsNamed() throws IOException {
        fails("- value: last[4000]\n  is: 3", "last[4000] is not there");
        fails("- value: nobody\n  is: 3", "ENOENT", "nobody");
        fails("- send: a\n  from: nobody", "there is no socket nobody");
        fails("- event: a\n  of: events", "events has no record");
        fails("- event: a\n  of: last", "map last", "has no records");
        fails("- verdict: []\n  of: client\n  program: jugde", "ENOENT", "jugde");
        fails("- printed: hello", "expected a program to print \"hello\", found nothing");
        fails("- fault: hello", "expected a fault with \"hello\", found none");
        fails(
                "- expect-end: client",
                "expected the end of stream, found a connection that goes on");
        fails("- insert: route[1]=upstream\n  errno: EEXIST", "expected EEXIST, and it succeeded");
        fails("- send: hello\n  from: client\n  errno: EACCES", "found success after 5 bytes");
    }

    // --- A program that relies on luck -----------------------------------------------------------

    @Test
    void aProgramThatAssumesOneSegmentIsCaughtAndTheLineNamed() {
        var file = Programs.own("naive-http").resolveSibling("naive-http.yaml");
        var scenario = ScenarioReader.read(file).getFirst();

        var result = new ScenarioRunner(Optional.empty(), 1).run(scenario);

        assertThat(report(result))
                .contains(
                        "naive-http.yaml:10: verdict: DROP",
                        "judge went another way than in the play that passes, at"
                                + " naive-http.bpf.c:22: if (data + 7 > data_end)",
                        "Fix:  received bytes can't be read directly before they are pulled",
                        "where everything comes at once all is well: the program relies on luck");
        assertThat(result.failed()).isLessThan(result.plays());
    }

    @Test
    void itPassesWhereOnlyWholeMessagesAreAskedFor() throws IOException {
        var file = Programs.own("naive-http").resolveSibling("naive-http.yaml");
        var text = "plays: whole\n" + Files.readString(file);

        var result = play(Programs.own("naive-http"), text);

        assertThat(report(result)).startsWith("ok").contains("1 way: only as written");
    }

    @Test
    void aProgramThatPullsButHasNoParserIsToldToGetOne() throws IOException {
        var result =
                play(
                        Programs.own("pulling-http"),
                        Files.readString(
                                Programs.own("naive-http").resolveSibling("naive-http.yaml")));

        assertThat(report(result))
                .contains("with a cut behind byte", "Fix:  a stream has no messages of its own");
    }

    // --- Files that are not understood -----------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    steps: [{send: a}]                                  | 1: send needs from
                    steps: [{send: a, from: b, form: c}]                | 1: send has no form
                    steps: [{sent: a}]                                  | 1: no step is called so
                    steps: [{verdict: MAYBE, of: a}]                    | 1: MAYBE is no verdict
                    steps: [{advance: 5}]                               | 1: expected a time
                    steps: [{advance: 10000000000s}]                    | 1: expected up to
                    steps: [{send: a, from: b.peer, errno: EACCES}]     | 1: errno and accepts are
                    steps: [{verdict: PASS, of: a, to: b}]              | 1: to is where redirected
                    steps: [{send: {repeat: ab, times: 9223372036854775807}, from: a}] | 1: repeated up
                    steps: [{send: {hex: 0}, from: a}]                  | 1: expected pairs of hex
                    steps: [{send: {file: none}, from: a}]              | 1: none can't be read
                    steps: [{expect-error: a, errno: EFOO}]             | 1: EFOO is no errno
                    steps: [{insert: a}]                                | 1: expected MAP[KEY]=VALUE
                    step: []                                            | 1: a scenario has no step
                    name: a                                             | 1: steps is missing
                    {sockets: {a: {kind: tcp, colour: red}}, steps: []} | 1: a socket has no colour
                    {sockets: {a: {local: "a:1"}}, steps: []}           | 1: expected an address
                    {sockets: {a: listening}, steps: []}                | 1: listening is no role
                    {plays: none, steps: []}                            | 1: none is none of all
                    {receive-buffer: 0, steps: []}                      | 1: expected a number of b
                    'steps: ['                                          | 1:
                    """)
    void aMistakeIsToldWithItsLine(String text, String problem) throws IOException {
        var file = Files.writeString(folder.resolve("bad.yaml"), text);

        assertThatThrownBy(() -> ScenarioReader.read(file))
                .hasMessageContaining("bad.yaml:" + problem.strip());
    }

    @Test
    void aFileThatIsNotThere() {
        assertThatThrownBy(() -> ScenarioReader.read(folder.resolve("none.yaml")))
                .hasMessageContaining("ENOENT")
                .hasMessageContaining("none.yaml");
    }

    @Test
    void aScenarioWithoutAnObject() throws IOException {
        var file = Files.writeString(folder.resolve("test.yaml"), "steps: []");
        var scenario = ScenarioReader.read(file).getFirst();

        assertThat(report(new ScenarioRunner(Optional.empty(), 1).run(scenario)))
                .startsWith("FAIL")
                .contains("test.yaml:1: the scenario names no object");
    }
}
