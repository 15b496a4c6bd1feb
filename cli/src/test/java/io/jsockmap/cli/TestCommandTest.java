package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code jsockmap test}, as CI and people run it. */
class TestCommandTest {
    private static final Path PROGRAMS =
            Outcome.ROOT.resolve("testkit/src/test/resources/programs");
    private static final String NAIVE = PROGRAMS.resolve("naive-http.yaml").toString();
    private static final String TEMPLATE =
            Outcome.ROOT.resolve("examples/template/src/test/scenarios/flushall.yaml").toString();

    @TempDir private Path folder;

    @Test
    void theScenariosOfTheTemplatePass() {
        var outcome = Outcome.of("test", TEMPLATE);

        assertThat(outcome.code()).as(outcome.out()).isZero();
        assertThat(outcome.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("ok   flushall.yaml: FLUSHALL is dr"),
                        line -> assertThat(line).startsWith("ok   flushall.yaml: a short line"),
                        line -> assertThat(line).isEqualTo("2 scenarios in 48 ways: all passed"));
    }

    @Test
    void aProgramThatReliesOnLuckFailsWithItsLine() {
        var outcome = Outcome.of("test", NAIVE);

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out())
                .startsWith("FAIL naive-http.yaml: a DELETE is dropped (49 ways, ")
                .contains("naive-http.bpf.c:22: if (data + 7 > data_end)")
                .endsWith("1 scenarios in 49 ways: 1 FAILED%n".formatted());
    }

    @Test
    void theObjectOfTheCommandLineIsTakenInsteadOfTheScenarios() {
        var pulling = PROGRAMS.resolve("pulling-http.bpf.o").toString();

        assertThat(Outcome.of("test", pulling, NAIVE).out()).contains("pulling-http.bpf.c:");
    }

    @Test
    void resultsAreWrittenForAServer() throws IOException {
        var xml = folder.resolve("results/junit.xml");

        Outcome.of("test", "--junit-xml", xml.toString(), NAIVE, TEMPLATE);

        assertThat(Files.readString(xml))
                .contains(
                        "<testsuite name=\"naive-http.yaml\" tests=\"1\" failures=\"1\"",
                        "<testsuite name=\"flushall.yaml\" tests=\"2\" failures=\"0\"",
                        "<failure message=\"expected DROP for what client, found PASS\">");
    }

    @Test
    void whatWasRunIsWrittenByLineAndBranch() throws IOException {
        var lcov = folder.resolve("coverage.info");
        var page = folder.resolve("coverage.html");

        Outcome.of("test", "--lcov", lcov.toString(), "--html", page.toString(), TEMPLATE);

        assertThat(Files.readString(lcov))
                .containsPattern("SF:.*policy.bpf.c")
                .containsPattern("FNDA:[1-9]\\d*,judge")
                .containsPattern("BRDA:\\d+,0,1,[1-9]")
                // No line of the scenarios is longer than 512 bytes.
                .contains("end_of_record");
        assertThat(Files.readString(page)).contains("policy.bpf.c", "never");
    }

    @Test
    void aCaptureIsPlayedAgain() throws IOException {
        var capture =
                Outcome.ROOT.resolve("testkit/src/test/resources/captures/tcpdump-ethernet.pcap");
        var file =
                Files.writeString(
                        folder.resolve("replay.yaml"),
                        """
                        name: traffic that was captured
                        sockets: {client: accepted}
                        attach: [parse=clients, judge=clients]
                        insert: ["clients[client.cookie]=client"]
                        steps:
                          - replay: %s
                            client: client.peer
                          - verdict: PASS
                            of: client
                          - expect: {pcap: %1$s, sent-by: client}
                            at: client
                          - expect-end: client
                        """
                                .formatted(capture.toAbsolutePath()));

        var outcome = Outcome.of("test", Outcome.example("http-policy"), file.toString());

        assertThat(outcome.out()).startsWith("ok   replay.yaml: traffic that was captured (");
    }

    @Test
    void someScenariosOnly() {
        assertThat(Outcome.of("test", "--only", "short", TEMPLATE).out())
                .endsWith("1 scenarios in 16 ways: all passed%n".formatted());
        assertThat(Outcome.of("test", "--only", "nothing", TEMPLATE))
                .returns(2, Outcome::code)
                .extracting(Outcome::err)
                .asString()
                .startsWith("jsockmap: no scenario has \"nothing\" in its name");
    }

    @Test
    void theSchemaIsJson() {
        var schema = JsonParser.parseString(Outcome.of("test", "--schema").out());

        assertThat(schema.getAsJsonObject().getAsJsonObject("properties").keySet())
                .contains("sockets", "insert", "steps");
    }

    @Test
    void mistakesAreALine() throws IOException {
        var file = Files.writeString(folder.resolve("bad.yaml"), "steps:\n  - sned: a\n");

        CommandLineTest.assertRefused(
                Outcome.of("test", file.toString()), "bad.yaml:2: no step is called so");
        CommandLineTest.assertRefused(
                Outcome.of("test", folder.resolve("none.yaml").toString()), "none.yaml");
        assertThat(Outcome.of("test").err()).startsWith("jsockmap: name a scenario file, or more");
    }
}
