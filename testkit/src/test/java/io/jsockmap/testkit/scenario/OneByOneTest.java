package io.jsockmap.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.testkit.Programs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Scenario files about what comes one by one: datagrams, records, faults, values of CPUs. */
class OneByOneTest {
    private static final String HEAD =
            """
            name: a test
            sockets:
              client: {kind: udp}
              stream: accepted
            attach: [watch=sockets]
            insert:
              - sockets[client.cookie]=client
              - sockets[stream.cookie]=stream
            steps:
            """;

    @TempDir private Path folder;

    private ScenarioResult play(String text) throws IOException {
        var file = Files.writeString(folder.resolve("test.yaml"), text);
        return new ScenarioRunner(Optional.of(Programs.own("scenes")), 1)
                .run(ScenarioReader.read(file).getFirst());
    }

    private static String report(ScenarioResult result) {
        return ScenarioReport.text(result);
    }

    private ScenarioResult playAll(String steps) throws IOException {
        return play(HEAD + steps.indent(2));
    }

    private ScenarioResult playWhole(String steps) throws IOException {
        return play("plays: whole\n" + HEAD + steps.indent(2));
    }

    @Test
    void datagramsKeepTheirLimitsWhereStreamsAreJoined() throws IOException {
        var result =
                playAll(
                        """
                        - send: one
                          from: client.peer
                        - send: two
                          from: client.peer
                        - send: ab
                          from: stream.peer
                        - send: cd
                          from: stream.peer
                        - expect: one
                          at: client
                        - expect: two
                          at: client
                        - expect: abcd
                          at: stream
                        """);

        assertThat(result.passed()).as(report(result)).isTrue();
        // Two as written, one joined, a cut behind each of the stream's first three bytes, one byte
        // by byte, eight at random, one hostile: datagrams are never cut.
        assertThat(result.plays()).isEqualTo(2 + 1 + 3 + 1 + 8 + 1);
    }

    @Test
    void aDatagramThatNoStepReadsIsTooMuchWhereOthersWereRead() throws IOException {
        var steps =
                """
                - send: one
                  from: client.peer
                - send: two
                  from: client.peer
                - expect: one
                  at: client
                """;

        assertThat(report(playAll(steps)))
                .startsWith("FAIL")
                .contains("client still had a datagram that no step asked for: \"two\"");
        assertThat(playAll(steps + "- expect: two\n  at: client\n"))
                .matches(ScenarioResult::passed);
        assertThat(playAll(steps.replaceFirst("(?s)- expect.*", "")))
                .as("nobody reads, so nobody claims that there is nothing")
                .matches(ScenarioResult::passed);
    }

    @Test
    void aDatagramThatReachesAFarEndUnreadIsTooMuchToo() throws IOException {
        assertThat(
                        report(
                                playAll(
                                        """
                                        - send: one
                                          from: client
                                        - send: ""
                                          from: client
                                        - expect: one
                                          at: client.peer
                                        """)))
                .contains("client.peer still had a datagram that no step asked for: \"\"");
    }

    @Test
    void aRecordThatNoStepReadsIsTooMuchWhereOthersWereRead() throws IOException {
        var steps =
                """
                - send: one
                  from: client.peer
                - send: two
                  from: client.peer
                - event: o
                  of: records
                """;

        assertThat(report(playAll(steps)))
                .startsWith("FAIL")
                .contains("records still had a record that no step asked for: \"t\"");
        assertThat(playAll(steps + "- event: t\n  of: records\n")).matches(ScenarioResult::passed);
    }

    @Test
    void aStructureOfEachCpuIsOneOfAllCpus() throws IOException {
        var result =
                playAll(
                        """
                        - send: one
                          from: client.peer
                        - send: over
                          from: client.peer
                        - value: stats[0]
                          is: "{messages=2, bytes=[4, 3], seen=true, kind=EVEN, first=\\"o\\"}"
                        """);

        assertThat(result.passed()).as(report(result)).isTrue();
    }

    @Test
    void whatIsPrintedOfAValueIsExpectedAsItStands() throws IOException {
        var failing = "- value: stats[0]\n  is: \"{seen=true, kind=ODD}\"";

        assertThat(report(playAll(failing)))
                .contains(
                        "stats[0] is {messages=0, bytes=[0, 0], seen=false, kind=NONE,"
                                + " first=\"\"}",
                        "expected {messages=0, bytes=[0, 0], seen=true, kind=ODD, first=\"\"}");
    }

    @Test
    void aFaultIsAskedForByTheNextStep() throws IOException {
        var faults = "- send: \"!\"\n  from: client.peer\n";

        assertThat(playWhole(faults + "- fault: ran for more\n"))
                .satisfies(result -> assertThat(result.passed()).as(report(result)).isTrue());
        assertThat(report(playWhole(faults))).startsWith("FAIL").contains("scenes.bpf.c:");
        assertThat(report(playWhole(faults + "- fault: out of bounds\n")))
                .contains("expected a fault with \"out of bounds\", found");
    }

    @Test
    void theSameFaultOnceMoreIsAskedForOnceMore() throws IOException {
        var faults = "- send: \"!\"\n  from: client.peer\n";
        var asked = faults + "- fault: ran for more\n";

        assertThat(report(playWhole(asked + faults))).startsWith("FAIL");
        assertThat(playWhole(asked + asked)).matches(ScenarioResult::passed);
    }

    @Test
    void aTimerFaultsInTheStepInWhichItGoesOff() throws IOException {
        var waits = "- send: t\n  from: client.peer\n- advance: 999ms\n- advance: 1ms\n";

        assertThat(report(playWhole(waits)))
                .startsWith("FAIL")
                .contains("advance: 1ms", "scenes.bpf.c:");
        assertThat(playWhole(waits + "- fault: ran for more\n")).matches(ScenarioResult::passed);
    }

    @Test
    void whoHasEndedItsStreamSendsNoMore() throws IOException {
        for (var end : new String[] {"close", "shutdown", "reset"}) {
            assertThat(
                            report(
                                    playAll(
                                            """
                                            - %s: stream.peer
                                            - send: late
                                              from: stream.peer
                                            """
                                                    .formatted(end))))
                    .startsWith("FAIL")
                    .contains("send: late", "EPIPE: stream.peer sends no more");
        }
    }
}
