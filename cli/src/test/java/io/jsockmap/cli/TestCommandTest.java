package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

/** {@code jsockmap test}, as CI and people run it. */
class TestCommandTest {
    private static final Path PROGRAMS =
            Outcome.ROOT.resolve("testkit/src/test/resources/programs");
    private static final String NAIVE = PROGRAMS.resolve("naive-http.yaml").toString();
    private static final String TEMPLATE =
            Outcome.ROOT.resolve("examples/template/src/test/scenarios/flushall.yaml").toString();

    /** The exit code of a shell for Ctrl-C. */
    private static final int INTERRUPTED = 130;

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
    void sourcesOfAllObjectsAreFound() throws IOException {
        var lcov = folder.resolve("coverage.info");
        var page = folder.resolve("coverage.html");

        Outcome.of("test", "--lcov", lcov.toString(), "--html", page.toString(), NAIVE, TEMPLATE);

        assertThat(Files.readString(lcov))
                .contains(
                        "SF:" + PROGRAMS.resolve("naive-http.bpf.c").toAbsolutePath().normalize(),
                        "SF:"
                                + Outcome.ROOT
                                        .resolve("examples/template/src/main/bpf/policy.bpf.c")
                                        .toAbsolutePath()
                                        .normalize());
        assertThat(Files.readString(page))
                .contains("Coverage of naive-http.bpf.o, policy.bpf.o")
                .doesNotContain("The file was not found");
    }

    @Test
    void anObjectThatIsRefusedFailsItsScenarioAlone() throws IOException {
        var refused =
                Files.writeString(
                        folder.resolve("refused.yaml"),
                        """
                        name: a program that no kernel loads
                        object: %s
                        steps: []
                        """
                                .formatted(
                                        Outcome.ROOT
                                                .resolve(
                                                        "testkit/src/test/resources/lint/verifier-refusal-wrong.bpf.o")
                                                .toAbsolutePath()));

        var outcome = Outcome.of("test", refused.toString(), TEMPLATE);

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .startsWith("FAIL refused.yaml: a program that no kernel loads (1 way, ")
                .contains("  refused.yaml:1: ", "EACCES", "When: the object is loaded.")
                .contains("ok   flushall.yaml: FLUSHALL is dropped")
                .endsWith("3 scenarios in 49 ways: 1 FAILED%n".formatted());
    }

    // --- Watching --------------------------------------------------------------------------------

    @Test
    void aChangedFileIsPlayedAgain() throws IOException {
        var file = folder.resolve("watched.yaml");
        var good = Files.readString(Path.of(TEMPLATE)).split("---")[0];
        var object = Path.of(TEMPLATE).resolveSibling("../../main/bpf/policy.bpf.o");
        var text = good.replaceFirst("object: .*", "object: " + object.toAbsolutePath());
        write(file, text, 1);
        // Nothing happens at the second look; a file that is half saved ends nothing.
        var looks =
                List.<Edit>of(
                        () -> write(file, text.replace("is: 1", "is: 2"), 2),
                        () -> {},
                        () -> write(file, "steps: [", 3),
                        () -> write(file, text, 4));

        var out = watched(file, looks);

        assertThat(out.lines().filter(line -> line.matches("(ok|FAIL|jsockmap:|waiting).*")))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("ok   watched.yaml: FLUSHALL"),
                        line -> assertThat(line).startsWith("waiting for a change"),
                        line -> assertThat(line).startsWith("FAIL watched.yaml: FLUSHALL"),
                        line -> assertThat(line).startsWith("waiting for a change"),
                        line -> assertThat(line).startsWith("jsockmap: EINVAL: watched.yaml:1:"),
                        line -> assertThat(line).startsWith("waiting for a change"),
                        line -> assertThat(line).startsWith("ok   watched.yaml: FLUSHALL"),
                        line -> assertThat(line).startsWith("waiting for a change"));
    }

    /** What somebody does while one waits. */
    private interface Edit {
        void make() throws IOException;
    }

    /** A time of its own for each text, as two of them may be written within a clock's tick. */
    private static void write(Path file, String text, int second) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(second * 1000L));
    }

    /** What is printed until the edits are over, and it is interrupted. */
    private static String watched(Path file, List<Edit> edits) {
        var out = new StringWriter();
        var next = edits.iterator();
        FileChanges.Pause pause =
                () -> {
                    if (!next.hasNext()) throw new InterruptedException();
                    try {
                        next.next().make();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
        int code =
                new CommandLine(new TestCommand(pause))
                        .setOut(new PrintWriter(out))
                        .setExecutionExceptionHandler((e, _, _) -> interrupted(e))
                        .execute("--watch", file.toString());
        assertThat(code).isEqualTo(INTERRUPTED);
        return out.toString();
    }

    private static int interrupted(Exception e) {
        assertThat(e).isInstanceOf(InterruptedException.class);
        return INTERRUPTED;
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
