package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.memory.SpinLock;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** bpf_spin_lock and bpf_spin_unlock: values of 16 bytes, the lock at 0 and a counter at 8. */
@Timeout(60)
class SpinLockTest {
    private static final String LOOKUP =
            """
            *(u32 *)(r10 - 4) = 0
            r2 = r10
            r2 += -4
            r1 = map[fd:0]
            call 1
            if r0 == 0 goto +12
            """;

    private final ArrayMap values =
            new ArrayMap(MapDefinition.of("values", MapType.ARRAY, 4, 16, 2));

    @Test
    void aLockIsTheSameHoweverItsPlaceIsReached() {
        var memory = new Memory();
        var lock = new SpinLock(memory);

        lock.lock(memory.addressOf(values.memory()));
        lock.unlock(memory.addressOf(values.lookupFromProgram(new byte[4])));

        assertThat(lock.isHeld()).isFalse();
    }

    /** Each run reads, counts a while and writes; half of them reach the value by its address. */
    @Test
    void whatIsDoneUnderALockIsNotInterrupted() throws InterruptedException {
        var found = program(LOOKUP + "r6 = r0\n" + COUNT);
        var direct = program("r6 = map[fd:0][0]+0\n" + COUNT);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var program = i % 2 == 0 ? found : direct;
            threads.add(Thread.ofVirtual().start(() -> times(500, program)));
            threads.add(Thread.ofPlatform().start(() -> times(500, program)));
        }
        for (var thread : threads) thread.join();

        assertThat(values.memory().load(null, 8, 8)).isEqualTo(8 * 500);
    }

    private static final String COUNT =
            """
            r1 = r6
            call 93
            r7 = *(u64 *)(r6 + 8)
            r8 = 100
            r8 += -1
            if r8 != 0 goto -2
            r7 += 1
            *(u64 *)(r6 + 8) = r7
            r1 = r6
            call 94
            r0 = 0
            exit
            """;

    private static void times(int count, Program program) {
        for (int i = 0; i < count; i++) run(program);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r0 = *(u64 *)(r6 + 4096)\nexit",
                "r0 = 0\nexit",
                "loop: goto loop",
                "r1 = r6\ncall 93\nexit",
                "r1 = r6\nr1 += 8\ncall 93\nexit",
                "r1 = r6\nr1 += 8\ncall 94\nexit",
                "call 5\nexit",
                "call kfunc#4@0\nexit",
            })
    void aRunThatEndsWhileItHoldsALockFaultsAndReleasesIt(String rest) {
        var text = "r6 = map[fd:0][0]+0\nr1 = r6\ncall 93\n" + rest;
        Trial.of(text).with(values).upTo(10_000).fault();

        assertThat(Trial.of("r6 = map[fd:0][0]+0\n" + COUNT).with(values).value()).isZero();
    }

    @Test
    void theFaultSaysWhatWasWrong() {
        var locked = "r6 = map[fd:0][0]+0\nr1 = r6\ncall 93\n";

        assertThat(Trial.of(locked + "r0 = 0\nexit").with(values).fault())
                .hasMessageContaining("ended while it held a spin lock");
        assertThat(Trial.of(locked + "r1 = r6\ncall 93\nexit").with(values).fault())
                .hasMessageContaining("function calls are not allowed while holding a lock");
        assertThat(Trial.of(locked + "r1 = r6\nr1 += 8\ncall 94\nexit").with(values).fault())
                .hasMessageContaining("is not the one that is held");
        assertThat(Trial.of("r1 = map[fd:0][0]+0\ncall 94\nexit").with(values).fault())
                .hasMessageContaining("is not the one that is held");
        assertThat(Trial.of("r1 = map[fd:0][0]+2\ncall 93\nexit").with(values).fault())
                .hasMessageContaining("is not aligned");
        assertThat(Trial.of("r1 = map[fd:0][0]+30\ncall 93\nexit").with(values).fault())
                .hasMessageContaining("outside of its 32 bytes");
        assertThat(Trial.of("r1 = 0\ncall 93\nexit").fault())
                .hasMessageContaining("a null pointer");
    }

    @Test
    void valuesThatNobodyMayWriteHaveNoLock() {
        var definition = MapDefinition.of("values", MapType.ARRAY, 4, 16, 2);
        var constants = new ArrayMap(definition.withFlags(BpfMap.RDONLY_PROG));

        assertThat(Trial.of("r1 = map[fd:0][0]+0\ncall 93\nexit").with(constants).fault())
                .hasMessageContaining("is read-only");
    }

    /** Numbers, functions of the program and numbers of an iterator are what a lock leaves. */
    @Test
    void iteratorsAndFunctionsOfTheProgramAreAllowedUnderALock() {
        var text =
                """
                r6 = map[fd:0][0]+0
                r1 = r6
                call 93
                r1 = r10
                r1 += -8
                r2 = 0
                r3 = 5
                call kfunc#1@0
                call function
                r1 = r6
                call 94
                exit
                function:
                r0 = 7
                exit
                """;

        assertThat(Trial.of(text).with(values).value()).isZero();
    }

    /** What a program writes over the lock is no lock, and takes none away. */
    @Test
    void theBytesOfALockMeanNothing() {
        values.memory().store(null, 0, 4, 0xffff_ffffL);

        assertThat(Trial.of("r6 = map[fd:0][0]+0\n" + COUNT).with(values).value()).isZero();
    }

    @Test
    void aLockIsThatOfItsBytesThroughWhateverRegion() throws InterruptedException {
        var value = ByteRegion.allocate("value", 16);
        var holder = new Memory();
        var held = new SpinLock(holder);
        held.lock(holder.addressOf(value) + 8);

        var other = new Memory();
        var alias = ByteRegion.of("alias", value.segment().asSlice(8, 8));
        var waiting = new SpinLock(other);
        var waiter = Thread.ofVirtual().start(() -> waiting.lock(other.addressOf(alias)));
        while (waiter.getState() != Thread.State.WAITING) Thread.onSpinWait();
        assertThat(waiting.isHeld()).isFalse();

        held.unlock(holder.addressOf(value) + 8);
        waiter.join();
        assertThat(waiting.isHeld()).isTrue();
        waiting.release();
        waiting.release();
        assertThat(waiting.isHeld()).isFalse();
    }

    @Test
    void oneRunHoldsOneLock() {
        var memory = new Memory();
        long address = memory.addressOf(ByteRegion.allocate("value", 16));
        var lock = new SpinLock(memory);
        lock.lock(address);

        Executable again = () -> lock.lock(address);
        assertThat(assertThrows(MemoryFault.class, again)).hasMessageContaining("a second lock");
        assertThat(lock.isHeld()).isTrue();
        lock.release();
    }

    private Program program(String text) {
        var code = Assembler.assemble(text);
        return new Program("count", Fixtures.PLAIN, code, List.of(values), new TreeMap<>());
    }

    private static void run(Program program) {
        var nothing = ByteRegion.allocate("memory", 0);
        Engines.tested().run(program, Environment.system(), nothing);
    }
}
