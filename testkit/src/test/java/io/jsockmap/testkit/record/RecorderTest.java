package io.jsockmap.testkit.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.RunWatcher;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.testkit.record.Ending.Outcome;
import io.jsockmap.testkit.record.Frame.Entry;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What is seen of runs. */
class RecorderTest {
    private final List<RecordedRun> runs = Collections.synchronizedList(new ArrayList<>());
    private final Recorder recorder = new Recorder(RunLimits.TRACE, runs::add);

    @Test
    void aRunTellsForWhomItWasAndWhatItLookedAt() {
        try (var tour = new Tour(RunLimits.TRACE)) {
            var run = tour.sends("Wbc");

            assertThat(run.program().name()).isEqualTo("first");
            assertThat(run.role()).isEqualTo(Role.SEND_VERDICT);
            assertThat(run.socket().orElseThrow().cookie()).isEqualTo(tour.sender().cookie());
            assertThat(run.socket().orElseThrow().hasPort(8080)).isTrue();
            assertThat(run.context())
                    .extracting(Named::toString)
                    .contains("size=3", "family=AF_INET", "remote_port=htonl(8080)", "data=packet");
            var message = run.message().orElseThrow();
            assertThat(Bytes.text(message.before())).isEqualTo("Wbc");
            assertThat(Bytes.text(message.after())).isEqualTo("W!c");
            assertThat(message.linear()).isEqualTo(3);
            assertThat(message.received()).isFalse();
        }
    }

    @Test
    void linesAreInTheOrderInWhichTheRunCameToThem() {
        try (var tour = new Tour(RunLimits.TRACE)) {
            var texts = tour.sends("Wbc").lines().stream().map(v -> v.line().text()).toList();

            assertThat(texts)
                    .containsSubsequence(
                            "bpf_msg_pull_data(msg, 0, msg->size, 0);",
                            "total++;",
                            "if (!known)",
                            "switch (data[0]) {",
                            "data[1] = '!';")
                    .doesNotContain("bpf_tail_call(msg, &tables, 0);");
        }
    }

    @Test
    void aFunctionIsShownWithItsArgumentsByTheirTypes() {
        try (var tour = new Tour(RunLimits.TRACE)) {
            var note = tour.sends("Pa").frames().get(1);

            assertThat(note.function()).isEqualTo("note");
            assertThat(note.entry()).isEqualTo(Entry.CALL);
            assertThat(note.depth()).isEqualTo(2);
            assertThat(note.arguments())
                    .extracting(Named::toString)
                    .containsExactly("kind=80", "weight=LIGHT", "bytes=2");
        }
    }

    @Test
    void eachCallOfACallbackIsAFrameOfItsOwn() {
        try (var tour = new Tour(RunLimits.TRACE)) {
            var run = tour.sends("Lx");

            assertThat(run.frames().stream().filter(f -> f.entry() == Entry.CALLBACK))
                    .extracting(frame -> frame.arguments().toString())
                    .containsExactly(
                            "[index=0, sum=fp[1]-4: 0]",
                            "[index=1, sum=fp[1]-4: 0]",
                            "[index=2, sum=fp[1]-4: 1]");
            var loop = run.calls().stream().filter(c -> c.name().equals("bpf_loop")).findFirst();
            assertThat(loop.orElseThrow()).hasToString("bpf_loop(3, function each, fp-4, 0) = 3");
            assertThat(run.steps().get(loop.orElseThrow().step()).depth()).isEqualTo(1);
        }
    }

    @Test
    void aTailCallGoesOnInTheOtherProgram() {
        try (var tour = new Tour(RunLimits.TRACE)) {
            var run = tour.sends("Tx");
            var last = run.frames().getLast();

            assertThat(last.entry()).isEqualTo(Entry.TAIL_CALL);
            assertThat(last.function()).isEqualTo("second");
            assertThat(last.depth()).isEqualTo(1);
            assertThat(run.steps().getLast().program().name()).isEqualTo("second");
            assertThat(run.framesAt(run.steps().size() - 1)).containsExactly(last);
            assertThat(run.ending().outcome()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void helpersAreShownWithKeysValuesAndTexts() {
        try (var tour = new Tour(RunLimits.TRACE)) {
            tour.sends("Xa");
            var run = tour.sends("X" + "y".repeat(120));

            assertThat(run.calls())
                    .extracting(HelperCall::toString)
                    .containsExactly(
                            "bpf_msg_pull_data(ctx, 0, 121 (0x79), 0) = 0",
                            "bpf_map_lookup_elem(map=kinds, key=88) = &kinds[88]:"
                                    + " {messages=1, bytes=2}",
                            "bpf_trace_printk(&note.____fmt: \"heavy message of %u bytes\\0\","
                                    + " size=26) = 26 (0x1a)");
            assertThat(run.printed())
                    .extracting(Printed::text)
                    .containsExactly("heavy message of 121 bytes");
        }
    }

    @Test
    void aHelperThatFailsShowsTheErrnosName() {
        var program = Small.program("call 5\nr0 = 0\nexit", (_, _) -> -2);

        Small.run(program, recorder);

        assertThat(runs.getFirst().calls().getFirst())
                .hasToString("bpf_ktime_get_ns() = -2 (ENOENT)");
    }

    @Test
    void theDecidingLineIsTheOneThatMadeTheResult() {
        try (var tour = new Tour(RunLimits.TRACE)) {
            // All of these leave by one exit, which is at the closing brace.
            assertThat(decided(tour.sends("Lx"))).isEqualTo("return sum == 3 ? SK_PASS : SK_DROP;");
            assertThat(decided(tour.sends("Gx")))
                    .isEqualTo("return bpf_msg_redirect_map(msg, &sockets, 1, BPF_F_INGRESS);");
            // This result was made ahead of the branch that led to it.
            assertThat(decided(tour.sends("Px"))).isEqualTo("switch (data[0]) {");
            assertThat(decided(tour.sends("P"))).isEqualTo("if (data + 2 > end)");
        }
    }

    private static String decided(RecordedRun run) {
        return run.ending().decided().orElseThrow().text();
    }

    @Test
    void aRedirectNamesItsTarget() {
        try (var tour = new Tour(RunLimits.TRACE)) {
            var ending = tour.sends("Gx").ending();

            assertThat(ending.outcome()).isEqualTo(Outcome.REDIRECT);
            assertThat(ending.text())
                    .isEqualTo("REDIRECT to ingress of socket " + tour.other().socket());
        }
    }

    @Test
    void snapshotsShowMemoryAsItWasAtEachStep() {
        try (var tour = new Tour(RunLimits.DEBUG)) {
            var run = tour.sends("Wbc");
            int end = run.steps().size();

            assertThat(Bytes.text(run.snapshots().message(0))).isEqualTo("Wbc");
            assertThat(Bytes.text(run.snapshots().message(end))).isEqualTo("W!c");
            assertThat(entries(run, ".bss", 0)).isEqualTo("[total=0]");
            assertThat(entries(run, ".bss", end)).isEqualTo("[total=1]");
            assertThat(entries(run, "kinds", 0)).isEqualTo("[]");
            assertThat(entries(run, "kinds", end)).isEqualTo("[87={messages=1, bytes=3}]");
            assertThat(run.snapshots().stack(1, run.frames().get(1).firstStep()))
                    .containsOnly(0)
                    .hasSize(512);
            // The value that note() puts together: {1, 3}, and the key.
            assertThat(Bytes.text(run.snapshots().stack(1, end))).contains("\1\0\0\0\3\0\0\0");
        }
    }

    private static String entries(RecordedRun run, String map, int step) {
        return run.snapshots().maps(step).stream()
                .filter(state -> state.name().equals(map))
                .flatMap(state -> state.entries().stream())
                .map(entry -> entry.key() + "=" + entry.value())
                .toList()
                .toString();
    }

    @Test
    void aStoreIntoAMapsValueIsSeenAtTheNextStep() {
        try (var tour = new Tour(RunLimits.DEBUG)) {
            tour.sends("Pa");
            var run = tour.sends("Pbc");
            var seen = new ArrayList<String>();
            for (int step = 0; step <= run.steps().size(); step++) {
                var now = entries(run, "kinds", step);
                if (seen.isEmpty() || !seen.getLast().equals(now)) seen.add(now);
            }

            assertThat(seen).first().isEqualTo("[80={messages=1, bytes=2}]");
            assertThat(seen).last().isEqualTo("[80={messages=2, bytes=5}]");
            assertThat(seen).hasSize(3);
        }
    }

    @Test
    void withoutSnapshotsThereAreNone() {
        try (var tour = new Tour(RunLimits.TRACE)) {
            var snapshots = tour.sends("Pa").snapshots();

            assertThat(snapshots.areThere()).isFalse();
            assertThat(snapshots.maps(0)).isEmpty();
            assertThat(snapshots.stack(0, 0)).isEmpty();
        }
    }

    @Test
    void ofTooManyStepsTheFirstAreKeptAndTheOthersCounted() {
        try (var tour = new Tour(RunLimits.DEBUG.withSteps(10))) {
            var run = tour.sends("Lx");

            assertThat(run.steps()).hasSize(10);
            assertThat(run.executed()).isGreaterThan(50);
            assertThat(run.omitted()).isEqualTo(run.executed() - 10);
            assertThat(run.ending().outcome()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void aFaultIsARunThatEndedThere() {
        var program = Small.program("r1 = 1\nr0 = *(u64 *)(r1 + 0)\nexit", (_, _) -> 0);

        assertThatThrownBy(() -> Small.run(program, recorder)).isInstanceOf(ProgramFault.class);

        var run = runs.getFirst();
        assertThat(run.ending().outcome()).isEqualTo(Outcome.FAULT);
        assertThat(run.ending().slot()).hasValue(1);
        assertThat(run.ending().text()).contains("is not a pointer");
        assertThat(run.steps()).hasSize(2);
    }

    @Test
    void aRunThatAMistakeOfOursEndsIsOverToo() {
        var program =
                Small.program(
                        "call 5\nexit",
                        (_, _) -> {
                            throw new IllegalStateException("broken");
                        });

        assertThatThrownBy(() -> Small.run(program, recorder))
                .isInstanceOf(IllegalStateException.class);

        assertThat(runs.getFirst().ending().text()).contains("broken");
    }

    @Test
    void anInnerRunIsOverBeforeTheOuterOne() {
        var inner = Small.program("r0 = 7\nexit", (_, _) -> 0);
        var outer =
                Small.program(
                        "call 5\nexit",
                        (_, _) -> {
                            Small.run(inner, recorder);
                            return 1;
                        });

        Small.run(outer, recorder);

        assertThat(runs).extracting(RecordedRun::nesting).containsExactly(1, 0);
        assertThat(runs).extracting(run -> run.ending().value()).containsExactly(7L, 1L);
        assertThat(runs).extracting(run -> run.steps().size()).containsExactly(2, 2);
    }

    @Test
    void runsOfSeveralThreadsAreKeptApart() throws Exception {
        var program = Small.program("r0 = 0\nr0 += 1\nif r0 != 100 goto -2\nexit", (_, _) -> 0);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> Small.run(program, recorder)));
        }
        for (var thread : threads) thread.join();

        assertThat(runs).hasSize(8).allSatisfy(run -> assertThat(run.steps()).hasSize(202));
        assertThat(runs)
                .extracting(RecordedRun::number)
                .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void severalWatchersSeeTheSame() {
        var program = Small.program("r0 = 3\nexit", (_, _) -> 0);
        var others = new ArrayList<RecordedRun>();

        Small.run(program, RunWatcher.all(recorder, new Recorder(RunLimits.TRACE, others::add)));

        assertThat(runs).hasSize(1);
        assertThat(others).hasSize(1);
    }
}
