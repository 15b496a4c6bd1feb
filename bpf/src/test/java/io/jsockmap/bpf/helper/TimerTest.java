package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Alarms;
import io.jsockmap.bpf.program.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Timers, from their start to their callback. */
class TimerTest extends TimerPrograms {
    @Test
    void aTimerCallsBackOnceWithMapKeyAndValue() {
        assertThat(run(INIT + setCallback(COUNT, START))).isZero();

        assertThat(alarms.delays()).containsExactly(5_000L);
        assertThat(counter()).isZero();
        alarms.comes();
        assertThat(counter()).isEqualTo(11);
        assertThat(alarms.delays()).isEmpty();
        assertThat(traces).isEmpty();
    }

    @Test
    void theMapOfTheCallbackIsTheTimers() {
        var delete =
                """
                *(u32 *)(r10 - 4) = 2
                r2 = r10
                r2 += -4
                call 3
                r0 = 0
                exit
                """;
        map.update(IndexKey.of(2), new byte[32], UpdateFlag.ANY);
        run(INIT + setCallback(delete, START));

        alarms.comes();

        assertThat(map.lookup(IndexKey.of(2))).isEmpty();
        assertThat(map.lookup(IndexKey.of(1))).isPresent();
    }

    @Test
    void aCallbackMayStartItsTimerAgain() {
        run(INIT + setCallback("r6 = r3\n" + START + COUNT_OF_R6, START));

        for (int i = 1; i <= 3; i++) {
            alarms.comes();
            assertThat(counter()).isEqualTo(i);
            assertThat(alarms.delays()).containsExactly(1_000_000L);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1000000", "999999, 1000000", "1000001, 1000001"})
    void aCallbackDoesNotComeAgainAtOnce(long asked, long delay) {
        run(INIT + setCallback("r6 = r3\n" + start(asked, 0) + "r0 = 0\nexit\n", START));

        alarms.comes();

        assertThat(alarms.delays()).containsExactly(delay);
    }

    private static final String COUNT_OF_R6 =
            """
            r4 = *(u64 *)(r6 + 24)
            r4 += 1
            *(u64 *)(r6 + 24) = r4
            r0 = 0
            exit
            """;

    @Test
    void aTimerThatIsStartedAgainForgetsItsFirstTime() {
        run(INIT + setCallback(COUNT, START));

        run(start(70, 0));

        assertThat(alarms.delays()).containsExactly(70L);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1, 0",
        "9223372036854775807, 0, 1, 9223372036854775807",
        "-1, 0, 1, 9223372036854775807",
        "1000700, 1, 1, 700",
        "1000700, 1, 7, 700",
        "9000700, 1, 0, 700",
        "999, 1, 1, 0",
        "-1, 1, 1, 0",
        "5, 2, 1, 5",
        "1000700, 3, 1, 700",
    })
    void timesAreFromNowOrByTheTimersClock(long time, long flags, int clock, long delay) {
        var init = timer() + "r2 = map[fd:0]\nr3 = %d\ncall 169\n".formatted(clock);

        assertThat(run(init + setCallback(COUNT, start(time, flags)))).isZero();
        assertThat(alarms.delays()).containsExactly(delay);
    }

    @Test
    void aTimerThatIsCancelledDoesNotCallBack() {
        run(INIT + setCallback(COUNT, START));

        assertThat(run(CANCEL)).isEqualTo(1);
        assertThat(alarms.delays()).isEmpty();
        assertThat(run(CANCEL)).isZero();
    }

    @Test
    void anAlarmThatComesAfterItsCancellationDoesNothing() {
        run(INIT + setCallback(COUNT, START));
        var late = alarms.take();

        assertThat(run(CANCEL)).isEqualTo(1);
        late.run();
        run(setCallback(COUNT, START));
        late.run();

        assertThat(counter()).isZero();
        alarms.comes();
        assertThat(counter()).isEqualTo(11);
    }

    @Test
    void aCancelledTimerNeedsItsCallbackAgain() {
        run(INIT + setCallback(COUNT, START));
        run(CANCEL);

        assertThat(run(START)).isEqualTo(-22);
        assertThat(run(setCallback(COUNT, START))).isZero();
    }

    @Test
    void aCallbackCanNotCancelItsOwnTimer() {
        run(INIT + setCallback("r6 = r3\n" + CANCEL + "*(u64 *)(r6 + 24) = r0\nexit\n", START));

        alarms.comes();

        assertThat(counter()).isEqualTo(-35);
    }

    @Test
    void whatIsDoneInAnotherOrderIsRefused() {
        assertThat(run(START)).isEqualTo(-22);
        assertThat(run(CANCEL)).isEqualTo(-22);
        assertThat(run(setCallback(COUNT, ""))).isEqualTo(-22);
        assertThat(run(INIT)).isZero();
        assertThat(run(START)).isEqualTo(-22);
        assertThat(run(INIT)).isEqualTo(-16);
        assertThat(run(setCallback(COUNT, start(1, 4)))).isEqualTo(-22);
        assertThat(run(setCallback(COUNT, start(1, -1)))).isEqualTo(-22);
        assertThat(alarms.delays()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 8, 16, 17, -1, 1L << 32})
    void aClockThatTimersDoNotHaveIsRefused(long clock) {
        assertThat(run(timer() + "r2 = map[fd:0]\nr3 = %d ll\ncall 169\n".formatted(clock)))
                .isEqualTo(-22);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r0 = *(u64 *)(r3 + 32)\nexit\n",
                "r0 = *(u64 *)(r10 + 0)\nexit\n",
                "r1 = r3\ncall 93\nexit\n",
                "loop: goto loop\n",
                "*(u8 *)(r2 + 4) = 0\nexit\n",
                "*(u8 *)(r2 + 0) = 0\nexit\n",
            })
    void aCallbackThatFaultsIsTracedAndHarmsNothing(String callback) {
        run(INIT + setCallback(callback, START));

        alarms.comes();
        assertThat(traces)
                .singleElement()
                .asString()
                .startsWith("a timer of map flows (hash): EFAULT: program trial, instruction ")
                .doesNotContain("\n");

        run(setCallback(COUNT, START));
        alarms.comes();
        assertThat(counter()).isEqualTo(11);
    }

    @Test
    void aTraceThatThrowsDoesNotEndATimer() {
        var broken =
                environment.tracingTo(
                        _ -> {
                            throw new IllegalStateException("no room for traces");
                        });
        run(broken, map, INIT + setCallback("r0 = *(u64 *)(r3 + 32)\nexit\n", START));
        assertThatIllegalStateException().isThrownBy(alarms::comes);

        run(setCallback(COUNT, START));
        alarms.comes();

        assertThat(counter()).isEqualTo(11);
    }

    @Test
    void aCallbackHasNoContextToHandOn() {
        var jumps = new ProgArrayMap<Program>(MapDefinition.of("j", MapType.PROG_ARRAY, 4, 4, 1));
        var target = Assembler.assemble("r0 = *(u32 *)(r1 + 0)\nexit");
        jumps.set(0, Program.of("target", Fixtures.PLAIN, target));
        var jump = "r1 = 0\nr2 = map[fd:1]\nr3 = 0\ncall 12\nexit\n";
        var text = VALUE + INIT + setCallback(jump, START);
        Trial.of(text).with(map, jumps).in(environment).run();

        alarms.comes();

        assertThat(traces)
                .singleElement()
                .asString()
                .contains("program target, instruction 0", "no context");
    }

    /** The callback waits in its trace until the second alarm has come. */
    @Test
    @Timeout(60)
    void aTimerNeverCallsBackTwiceAtTheSameTime() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        List<String> order = new ArrayList<>();
        var slow =
                environment.tracingTo(
                        _ -> {
                            order.add("called");
                            begun.countDown();
                            await(goOn);
                            order.add("returned");
                        });
        run(slow, map, INIT + setCallback(PRINT, START));
        var first = Thread.ofPlatform().start(alarms.take());
        begun.await();

        run(slow, map, START);
        alarms.comes();
        assertThat(order).containsExactly("called");
        goOn.countDown();
        first.join();

        assertThat(order).containsExactly("called", "returned", "called", "returned");
    }

    /** As many callbacks as there are CPUs wait in their traces; a program runs nevertheless. */
    @Test
    @Timeout(60)
    void callbacksLeaveCpusToOtherRuns() throws InterruptedException {
        assumeThat(Cpu.COUNT).isGreaterThan(1);
        var flows = new HashMap(MapDefinition.of("flows", MapType.HASH, 4, 32, Cpu.COUNT));
        var goOn = new CountDownLatch(1);
        var running = new AtomicInteger();
        var slow =
                environment.tracingTo(
                        _ -> {
                            running.incrementAndGet();
                            await(goOn);
                        });
        for (int i = 0; i < Cpu.COUNT; i++) {
            flows.update(IndexKey.of(i), new byte[32], UpdateFlag.ANY);
            var value = VALUE.replace("= 1", "= " + i);
            Trial.of(value + INIT + setCallback(PRINT, START)).with(flows).in(slow).run();
        }
        List<Thread> callbacks = new ArrayList<>();
        while (!alarms.delays().isEmpty()) {
            callbacks.add(Thread.ofPlatform().start(alarms.take()));
        }
        for (var thread : callbacks) {
            while (thread.getState() != Thread.State.WAITING) Thread.onSpinWait();
        }

        try {
            assertThat(running).hasValueLessThan(Cpu.COUNT);
            assertThat(run("r0 = 7\n")).isEqualTo(7);
        } finally {
            goOn.countDown();
        }
        for (var thread : callbacks) thread.join();
    }

    /** By the machine's clock: how long it takes is not looked at. */
    @Test
    @Timeout(60)
    void theMachinesClockMakesTimersGoOff() throws InterruptedException {
        var called = new CountDownLatch(1);
        var real = environment.tracingTo(_ -> called.countDown()).withAlarms(Alarms.system());

        run(real, map, INIT + setCallback(PRINT, start(1_000_000, 0)));
        called.await();

        assertThat(run(real, map, setCallback(COUNT, start(1L << 62, 0)))).isZero();
        assertThat(run(real, map, CANCEL)).isEqualTo(1);
    }

    @Test
    void aFlowThatWasCompiledIsForgottenAfterThreeSeconds() {
        var object = Compiled.of("timers", environment);
        for (int i = 0; i < 2; i++) assertThat(object.run("touch")).isZero();
        assertThat(alarms.delays()).containsExactly(1_000_000_000L);
        while (!alarms.delays().isEmpty()) alarms.comes();

        var flow = object.object().map("flows").lookup(IndexKey.of(7)).orElseThrow();
        var value = ByteBuffer.wrap(flow).order(LITTLE_ENDIAN);
        assertThat(value.getLong(0)).as("seen").isEqualTo(2);
        assertThat(value.getInt(12)).as("expired").isEqualTo(3);
        assertThat(value.getLong(32)).as("key").isEqualTo(7);
        assertThat(object.run("settle")).isZero();
        assertThat(traces).isEmpty();
    }

    @Test
    void aFlowThatIsSettledIsKept() {
        var object = Compiled.of("timers", environment);
        object.run("touch");

        assertThat(object.run("settle")).isEqualTo(1);
        assertThat(alarms.delays()).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
