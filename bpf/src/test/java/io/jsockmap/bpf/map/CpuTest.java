package io.jsockmap.bpf.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/** Who is on which CPU. */
@Timeout(60)
class CpuTest {
    private static final int RUNS = 20_000;

    @Test
    void aRunWithinARunIsOnTheCpuOfTheOuterOne() {
        assertThat(Cpu.enter()).isTrue();
        int outer = Cpu.current();

        assertThat(Cpu.enter()).isFalse();
        assertThat(Cpu.enterCallback()).isFalse();

        assertThat(Cpu.current()).isEqualTo(outer);
        Cpu.leave();
    }

    @Test
    void whoHasNoCpuCanNotGiveItBack() {
        assertThatThrownBy(Cpu::leave).isInstanceOf(IndexOutOfBoundsException.class);

        assertThat(Cpu.current()).isZero();
        assertThat(Cpu.enter()).as("nothing has changed").isTrue();
        Cpu.leave();
    }

    /** Twice as many threads as CPUs, of both kinds, which also let others in between. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noTwoRunsAreOnOneCpu(boolean parking) throws InterruptedException {
        var runs = new AtomicIntegerArray(Cpu.COUNT);
        var together = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2 * Cpu.COUNT + 2; i++) {
            var kind = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
            threads.add(kind.start(() -> run(runs, together, parking)));
        }
        for (var thread : threads) thread.join();

        assertThat(together).hasValue(0);
        assertThat(taken()).as("all CPUs are free again").hasSize(Cpu.COUNT);
    }

    private static void run(AtomicIntegerArray runs, AtomicInteger together, boolean parking) {
        for (int i = 0; i < RUNS; i++) {
            Cpu.enter();
            int cpu = Cpu.current();
            if (runs.getAndIncrement(cpu) != 0) together.incrementAndGet();
            if (parking && i % 64 == 0) LockSupport.parkNanos(1);
            runs.getAndDecrement(cpu);
            Cpu.leave();
        }
    }

    /** The CPUs that as many threads get at once. */
    private static Set<Integer> taken() throws InterruptedException {
        Set<Integer> taken = new HashSet<>();
        var goOn = new CountDownLatch(1);
        var threads = takeAll(taken, goOn);
        goOn.countDown();
        for (var thread : threads) thread.join();
        return taken;
    }

    private static List<Thread> takeAll(Set<Integer> taken, CountDownLatch goOn)
            throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Cpu.COUNT; i++) {
            var cpu = new Exchanger<Integer>();
            threads.add(Thread.ofPlatform().start(() -> hold(cpu, goOn)));
            taken.add(cpu.exchange(null));
        }
        return threads;
    }

    private static void hold(Exchanger<Integer> cpu, CountDownLatch goOn) {
        Cpu.enter();
        try {
            cpu.exchange(Cpu.current());
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Cpu.leave();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWaitsParksUntilACpuIsFree(boolean virtual) throws InterruptedException {
        var goOn = new CountDownLatch(1);
        var holders = takeAll(new HashSet<>(), goOn);
        var ran = new AtomicInteger();
        var builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 3 * Cpu.COUNT; i++) {
            waiting.add(
                    builder.start(
                            () -> {
                                Cpu.enter();
                                ran.incrementAndGet();
                                Cpu.leave();
                            }));
        }
        for (var thread : waiting) {
            while (thread.getState() != Thread.State.WAITING) Thread.onSpinWait();
        }
        assertThat(ran).hasValue(0);

        goOn.countDown();

        for (var thread : waiting) thread.join();
        assertThat(ran).hasValue(3 * Cpu.COUNT);
        for (var thread : holders) thread.join();
    }

    @Test
    void aThreadKeepsToItsCpu() {
        Cpu.enter();
        int first = Cpu.current();
        Cpu.leave();

        for (int i = 0; i < 100; i++) {
            Cpu.enter();
            assertThat(Cpu.current()).isEqualTo(first);
            Cpu.leave();
        }
    }
}
