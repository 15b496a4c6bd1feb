package io.jsockmap.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.setup.ObjectSetup;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.testkit.Programs;
import io.jsockmap.testkit.dap.DapServer;
import io.jsockmap.testkit.dap.Launching;
import io.jsockmap.testkit.debug.Breakpoint;
import io.jsockmap.testkit.debug.DebugTerminal;
import io.jsockmap.testkit.debug.Debugger;
import io.jsockmap.testkit.debug.Listing;
import io.jsockmap.testkit.debug.OneMessage;
import io.jsockmap.testkit.debug.OneScenario;
import io.jsockmap.testkit.debug.Place;
import io.jsockmap.testkit.debug.Session;
import io.jsockmap.testkit.debug.View;
import io.jsockmap.testkit.record.Ending;
import io.jsockmap.testkit.record.RecordedRun;
import io.jsockmap.testkit.record.RunLimits;
import io.jsockmap.testkit.record.Tour;
import io.jsockmap.testkit.scenario.Way;
import io.jsockmap.testkit.source.SourceFiles;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How one walks through runs of programs, forward and back. */
class DebugExamples {
    private static final Path NAIVE_HTTP = Programs.own("naive-http");
    private static final Path SCENARIO = NAIVE_HTTP.resolveSibling("naive-http.yaml");

    private static List<RecordedRun> runsOfMyTest() {
        try (var tour = new Tour(RunLimits.DEBUG)) {
            tour.sends("Wbc");
            return tour.runs();
        }
    }

    @Test
    void aMessageIsSeenBeforeAndAfterItIsChanged() {
        // @start region="walk"
        Session session = Session.of("my test", () -> runsOfMyTest());
        Debugger debugger = new Debugger(session);
        debugger.add(new Breakpoint.AtLine("tour.bpf.c", 89)); // data[1] = '!';
        debugger.resume();

        Place before = debugger.place();
        View view = debugger.view();
        assertThat(view.evaluate("msg->size", 0)).contains("3");
        assertThat(view.message()).asString().isEqualTo("Wbc");

        debugger.next();
        assertThat(debugger.view().message()).asString().isEqualTo("W!c");
        debugger.stepBack();
        assertThat(debugger.place()).isEqualTo(before);
        // @end
    }

    @Test
    void commandsComeFromAScript() throws IOException {
        var answers = new StringWriter();
        // @start region="terminal"
        Session delete = new OneScenario(Optional.empty(), SCENARIO, "", Optional.of(Way.KERNEL));
        SourceFiles files = SourceFiles.of(NAIVE_HTTP, List.of());
        Reader commands = new StringReader("break verdict pass\ncontinue\nprint skb->len\n");

        new DebugTerminal(new Debugger(delete), files, commands, answers).run();

        assertThat(answers.toString())
                .contains("it fails at naive-http.yaml:10: verdict: DROP")
                .contains("breakpoint 1, verdict pass", "skb->len = 38");
        // @end
    }

    @Test
    void theLineThatDroppedAMessageIsShownInItsSource() {
        var policy = Programs.example("http-policy");
        var request = "DELETE / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        var setup = ObjectSetup.NONE;
        // @start region="message"
        Session session =
                new OneMessage(
                        policy,
                        setup,
                        "judge",
                        Optional.of("clients"),
                        List.of(),
                        Delivery.KERNEL,
                        List.of(request));
        Debugger debugger = new Debugger(session);
        debugger.add(new Breakpoint.AtVerdict(Ending.Outcome.DROP));
        debugger.resume();

        RecordedRun run = debugger.view().run();
        Listing listing = new Listing(SourceFiles.of(policy, List.of()));
        assertThat(listing.around(run.program(), run.ending().decided().orElseThrow(), 1))
                .contains("=>  124          return OUTCOME(deny());");
        // @end
    }

    private static String request(int number, String command) {
        var json =
                """
                {"type":"request","seq":%d,"command":"%s","arguments":{}}\
                """
                        .formatted(number, command);
        return "Content-Length: %d\r\n\r\n%s".formatted(json.length(), json);
    }

    @Test
    void anEditorDebugsTheScenarioThatItNames() {
        var requests = request(1, "initialize") + request(2, "disconnect");
        var in = new ByteArrayInputStream(requests.getBytes(StandardCharsets.US_ASCII));
        var out = new ByteArrayOutputStream();
        // @start region="serve"
        // The editor's launch.json has "scenario": "delete.yaml", perhaps with "only" and "play".
        Launching scenarios = new Launching(Optional.empty(), Optional.of(NAIVE_HTTP));
        DapServer.serve(scenarios, SourceFiles.of(NAIVE_HTTP, List.of()), in, out);
        // @end
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("\"supportsStepBack\":true")
                .contains("\"command\":\"disconnect\"");
    }
}
