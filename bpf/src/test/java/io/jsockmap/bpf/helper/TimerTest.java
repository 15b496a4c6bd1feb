package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Alarms;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Program;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Timers: values of 32 bytes, a timer at 8 and a counter at 24; the element has key 1. */
class TimerTest {
    private static final String VALUE =
            """
            *(u32 *)(r10 - 4) = 1
            r2 = r10
            r2 += -4
            r1 = map[fd:0]
            call 1
            if r0 != 0 goto +2
            r0 = -1
            exit
            r6 = r0
            """;

    private static final String INIT = timer() + "r2 = map[fd:0]\nr3 = 1\ncall 169\n";
    private static final String START = start(5_000, 0);
    private static final String CANCEL = timer() + "call 172\n";

    /** Counts in its value, and adds the key. */
    private static final String COUNT =
            """
            r4 = *(u64 *)(r3 + 24)
            r4 += 10
            r5 = *(u32 *)(r2 + 0)
            r4 += r5
            *(u64 *)(r3 + 24) = r4
            r0 = 0
            exit
            """;

    private static final String PRINT =
            "*(u16 *)(r10 - 2) = 0x41\nr1 = r10\nr1 += -2\nr2 = 2\ncall 6\nr0 = 0\nexit\n";

    private final HashMap map = new HashMap(MapDefinition.of("flows", MapType.HASH, 4, 32, 4));
    private final ManualAlarms alarms = new ManualAlarms();
    private final List<String> traces = new ArrayList<>();
    private final Environment environment =
            new Environment(() -> 1_000_000, () -> 0, traces::add)
                    .withWallTime(() -> 9_000_000)
                    .withAlarms(alarms);

    @BeforeEach
    void insert() {
        map.update(IndexKey.of(1), new byte[32], UpdateFlag.ANY);
    }

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

    @Test
    void aTimerOfAnElementThatIsGoneNeverCallsBack() {
        run(INIT + setCallback(COUNT, START));
        var late = alarms.take();
        map.delete(IndexKey.of(1));
        map.update(IndexKey.of(1), new byte[32], UpdateFlag.ANY);

        late.run();

        assertThat(counter()).isZero();
        assertThat(run(INIT)).as("the new element has no timer").isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"HASH", "LRU_HASH"})
    void anElementThatGoesTakesItsAlarmWithIt(MapType type) {
        var small = MapKinds.plain().create(MapDefinition.of("small", type, 4, 32, 1));
        for (int i = 0; i < 3; i++) {
            small.update(IndexKey.of(1), new byte[32], UpdateFlag.ANY);
            run(small, INIT + setCallback(COUNT, START));
        }
        assertThat(alarms.delays()).as("replaced").hasSize(1);

        if (type == MapType.HASH) small.delete(IndexKey.of(1));
        else small.update(IndexKey.of(2), new byte[32], UpdateFlag.ANY);
        assertThat(alarms.delays()).as("deleted or evicted").isEmpty();
    }

    @Test
    void aValueThatIsGoneTakesNoTimer() {
        var delete = "*(u32 *)(r10 - 4) = 1\nr2 = r10\nr2 += -4\nr1 = map[fd:0]\ncall 3\n";

        assertThat(run(delete + INIT)).isEqualTo(-16);
    }

    @Test
    void aReplacedValueHasNoTimer() {
        run(INIT + setCallback(COUNT, START));

        map.update(IndexKey.of(1), new byte[32], UpdateFlag.EXIST);

        assertThat(run(START)).isEqualTo(-22);
    }

    @Test
    void elementsOfAnArrayHaveTimersOfTheirOwn() {
        var array = new ArrayMap(MapDefinition.of("slots", MapType.ARRAY, 4, 32, 2));

        assertThat(run(array, INIT + setCallback(COUNT, START))).isZero();
        alarms.comes();

        assertThat(counter(array)).isEqualTo(11);
        assertThat(array.lookup(IndexKey.of(0)).orElseThrow()).containsOnly(0);
    }

    @Test
    void aValueHasOneTimer() {
        assertThat(run(INIT)).isZero();
        assertThat(run(INIT.replace("r1 += 8", "r1 += 16"))).isEqualTo(-16);
        assertThat(run(INIT.replace("r1 += 8", "r1 += 0"))).isEqualTo(-16);
    }

    @Test
    void aTimerThatIsNotAlignedIsAFault() {
        assertThat(fault(INIT.replace("r1 += 8", "r1 += 12"))).contains("is not aligned to 8");
    }

    /** The kernel refuses a map of another kind whose values have one. */
    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"PERCPU_HASH", "PERCPU_ARRAY", "LRU_PERCPU_HASH"})
    void mapsOfOtherKindsHaveNoTimers(MapType type) {
        var other = MapKinds.plain().create(MapDefinition.of("other", type, 4, 32, 2));
        other.update(IndexKey.of(1), new byte[other.userValueSize()], UpdateFlag.ANY);

        assertThat(Trial.of(VALUE + INIT + "exit").with(other).in(environment).fault())
                .hasMessageContaining("is not in a value of the map in R2");
    }

    @Test
    void anUpdateOfAnArrayEndsTheElementsTimer() {
        var array = new ArrayMap(MapDefinition.of("slots", MapType.ARRAY, 4, 32, 2));
        run(array, INIT + setCallback(COUNT, START));

        array.update(IndexKey.of(0), new byte[32], UpdateFlag.ANY);
        assertThat(alarms.delays()).hasSize(1);
        array.update(IndexKey.of(1), new byte[32], UpdateFlag.ANY);
        assertThat(alarms.delays()).isEmpty();
        assertThat(run(array, INIT)).as("the element may have a timer again").isZero();
    }

    @Test
    void aTimerOutsideOfTheMapsValuesIsAFault() {
        var array = new ArrayMap(MapDefinition.of("slots", MapType.ARRAY, 4, 32, 2));
        var other = VALUE + timer() + "r2 = map[fd:1]\nr3 = 1\ncall 169\nexit";

        assertThat(Trial.of(other).with(map, array).in(environment).fault())
                .hasMessageContaining("is not in a value of the map in R2");
        assertThat(fault("r6 = r10\nr6 += -64\n" + INIT))
                .contains("stack", "is not in a value of the map");
        assertThat(fault("r6 += 20\n" + INIT)).contains("16 bytes at offset 28 of value of map");
        assertThat(fault("r6 = 0\n" + INIT)).contains("of 0x8: is not a pointer");
        assertThat(fault("r6 = map[fd:0]\n" + INIT)).contains("map flows");
        assertThat(fault(timer() + "r2 = r6\nr3 = 1\ncall 169\n")).contains("is not a map");
        assertThat(fault(INIT + timer() + "r2 = r6\ncall 170\n")).contains("is not a function");
        assertThat(fault("r6 = 0\n" + START)).contains("is not a pointer");
        assertThat(fault("r6 = 0\n" + CANCEL)).contains("is not a pointer");
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

    private static String timer() {
        return "r1 = r6\nr1 += 8\n";
    }

    private static String start(long time, long flags) {
        return timer() + "r2 = %d ll\nr3 = %d ll\ncall 171\n".formatted(time, flags);
    }

    /** Sets the callback and goes on, the callback's code standing behind. */
    private static String setCallback(String callback, String then) {
        var rest = "if r0 != 0 goto end\n" + then + "end:\nexit\n";
        return timer()
                + "r2 = subprog[+%d]\ncall 170\n".formatted(2 + slots(rest))
                + rest
                + callback;
    }

    private static int slots(String text) {
        int slots = 0;
        for (var line : text.lines().toList()) {
            if (!line.endsWith(":")) slots += line.endsWith(" ll") || line.contains("map[") ? 2 : 1;
        }
        return slots;
    }

    private long run(String text) {
        return run(map, text);
    }

    private long run(BpfMap map, String text) {
        return run(environment, map, text);
    }

    private static long run(Environment environment, BpfMap map, String text) {
        return Trial.of(VALUE + text + "exit").with(map).in(environment).value();
    }

    private String fault(String text) {
        var trial = Trial.of(VALUE + text + "exit").with(map).in(environment);
        return trial.fault().getMessage();
    }

    private long counter() {
        return counter(map);
    }

    private static long counter(BpfMap map) {
        var value = map.lookup(IndexKey.of(1)).orElseThrow();
        return ByteBuffer.wrap(value).order(LITTLE_ENDIAN).getLong(24);
    }
}
