package io.jsockmap.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.testkit.Programs;
import io.jsockmap.testkit.record.Ending;
import io.jsockmap.testkit.record.Frame;
import io.jsockmap.testkit.record.HelperCall;
import io.jsockmap.testkit.record.LineVisit;
import io.jsockmap.testkit.record.MapState;
import io.jsockmap.testkit.record.Named;
import io.jsockmap.testkit.record.Pointers;
import io.jsockmap.testkit.record.Printed;
import io.jsockmap.testkit.record.RecordedMessage;
import io.jsockmap.testkit.record.RecordedRun;
import io.jsockmap.testkit.record.RecordedSocket;
import io.jsockmap.testkit.record.Recorder;
import io.jsockmap.testkit.record.Role;
import io.jsockmap.testkit.record.RunLimits;
import io.jsockmap.testkit.record.Snapshots;
import io.jsockmap.testkit.record.Step;
import io.jsockmap.testkit.record.Tour;
import io.jsockmap.testkit.run.Input;
import io.jsockmap.testkit.run.TestRun;
import io.jsockmap.testkit.stage.SocketChoice;
import io.jsockmap.testkit.stage.Stage;
import io.jsockmap.testkit.trace.JsonTrace;
import io.jsockmap.testkit.trace.TextTrace;
import io.jsockmap.testkit.trace.TraceFilter;
import io.jsockmap.testkit.trace.TraceOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** How runs of programs are recorded, printed, and looked into. */
class TraceExamples {
    private final Tour tour = new Tour(RunLimits.DEBUG);

    @AfterEach
    void close() {
        tour.close();
    }

    @Test
    void whatIsDroppedIsTraced() {
        var setting = Stage.Setting.HOSTILE;
        var policy = ObjectReader.read(Programs.example("http-policy"));
        try (var stage = Stage.loadOnly(policy, LoadOptions.DEFAULT, setting)) {
            stage.open("client", SocketChoice.ACCEPTED);
            var log = new StringBuilder();
            var json = new ArrayList<String>();
            // @start region="trace"
            TraceFilter drops = TraceFilter.parse("program=judge,verdict=drop");
            TraceOptions brief = new TraceOptions(false, 16);
            Recorder recorder =
                    new Recorder(
                            RunLimits.TRACE,
                            run -> {
                                json.add(JsonTrace.of(run, TraceOptions.DEFAULT));
                                if (drops.test(run)) log.append(TextTrace.of(run, brief));
                            });

            TestRun traced = new TestRun(stage, recorder);
            traced.run("judge", "client", new Input.Received(Bytes.of("GET / HTTP/1.1"), 0));
            traced.run("judge", "client", new Input.Received(Bytes.of("DELETE / HTTP/1.1"), 0));

            assertThat(log.toString()).startsWith("#2 judge (sk_skb)").contains("=> DROP   by ");
            assertThat(json).hasSize(2).last().asString().contains("\"verdict\":\"drop\"");
            // @end
        }
    }

    // @start region="run"
    /** A line for a log: who sent or received what, and what became of it. */
    static String summary(RecordedRun run) {
        String peer = run.socket().map(RecordedSocket::remote).orElse("nobody");
        int bytes = run.message().map(RecordedMessage::after).map(after -> after.length).orElse(0);
        Ending ending = run.ending();
        String decided = ending.decided().map(line -> " by " + line.place()).orElse("");
        return run.role() == Role.SEND_VERDICT
                ? "%d bytes to %s: %s%s".formatted(bytes, peer, ending.outcome().word(), decided)
                : "%s: %s".formatted(run.program().name(), ending.text());
    }

    // @end

    @Test
    void aRunInALine() {
        assertThat(summary(tour.sends("Pa")))
                .isEqualTo("2 bytes to 10.0.0.3:8080: pass by tour.bpf.c:85");
    }

    @Test
    void theWayOfARun() {
        var way = new ArrayList<String>();
        // What is longer than 100 bytes is heavy, and noted by bpf_printk.
        var run = tour.sends("P" + "x".repeat(120));
        // @start region="way"
        for (HelperCall call : run.calls()) {
            Step step = run.steps().get(call.step());
            Frame caller = run.frames().get(step.frame());
            Named result = call.result();
            way.add("%s calls %s: %s".formatted(caller.function(), call.name(), result.text()));
        }
        List<Integer> lines = run.lines().stream().map(LineVisit::line).map(l -> l.line()).toList();

        assertThat(way).contains("note calls bpf_map_lookup_elem: NULL");
        assertThat(lines).startsWith(73, 76).endsWith(85, 101);
        assertThat(run.printed()).map(Printed::text).containsExactly("heavy message of 121 bytes");
        // @end
    }

    @Test
    void whatMemoryHeldBeforeAndAfterARun() {
        // The first letter has it overwrite the second one.
        var run = tour.sends("Wbc");
        // @start region="memory"
        Snapshots memory = run.snapshots();
        int end = run.steps().size();
        assertThat(memory.message(0)).asString().isEqualTo("Wbc");
        assertThat(memory.message(end)).asString().isEqualTo("W!c");

        List<MapState> maps = memory.maps(end);
        MapState kinds =
                maps.stream().filter(m -> m.name().equals("kinds")).findAny().orElseThrow();
        assertThat(kinds.entries().getFirst().key()).isEqualTo("87");
        assertThat(kinds.entries().getFirst().value()).hasToString("{messages=1, bytes=3}");

        Pointers pointers = run.pointers();
        Step first = run.steps().getFirst();
        assertThat(pointers.text(first, first.registers()[1])).isEqualTo("ctx");
        // @end
    }
}
