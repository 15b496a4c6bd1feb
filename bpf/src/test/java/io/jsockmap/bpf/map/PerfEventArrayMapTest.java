package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.number;
import static io.jsockmap.bpf.map.Bytes.u32;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** BPF_MAP_TYPE_PERF_EVENT_ARRAY. */
class PerfEventArrayMapTest {
    private static final long CURRENT_CPU = 0xffff_ffffL;
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private static final int LARGE = 1 << 24;
    private static final int TOO_MANY = (int) (Runtime.getRuntime().maxMemory() / LARGE);

    private final PerfEventArrayMap map = array(4, 4, Cpu.COUNT + 1L, 0);
    private int cpu;

    @BeforeEach
    void takeACpu() {
        Cpu.enter();
        cpu = Cpu.current();
    }

    @AfterEach
    void giveItBack() {
        Cpu.leave();
    }

    @ParameterizedTest
    @CsvSource({
        "8, 4, 1, 0, EINVAL",
        "4, 8, 1, 0, EINVAL",
        "4, 0, 1, 0, EINVAL",
        "4, 4, 0, 0, EINVAL",
        "4, 4, 1, 1, EINVAL",
        "4, 4, 1, 128, EINVAL",
        "4, 4, 4294967295, 0, ENOMEM",
    })
    void anArrayThatCanNotBeIsRefused(int key, int value, long count, int flags, Errno errno) {
        Refusal.of(errno, () -> array(key, value, count, flags));
    }

    @Test
    void recordsComeInTheirOrder() {
        var reader = map.open(cpu, 4096);

        for (long i = 0; i < 5; i++) assertThat(output(CURRENT_CPU, i)).isZero();
        assertThat(output(cpu, 5)).isZero();

        for (long i = 0; i <= 5; i++) assertThat(reader.poll()).hasValue(u64(i));
        assertThat(reader.poll()).isEmpty();
        assertThat(reader.cpu()).isEqualTo(cpu);
    }

    @Test
    void bytesOfThePacketFollowTheData() {
        var reader = map.open(cpu, 4096);

        map.output(
                CURRENT_CPU,
                MemorySegment.ofArray(u32(1)),
                MemorySegment.ofArray(new byte[] {7, 8, 9}));

        assertThat(reader.poll()).hasValue(new byte[] {1, 0, 0, 0, 7, 8, 9});
    }

    @Test
    void whereNoBufferIsOpenThereIsNoEntry() {
        assertThat(output(CURRENT_CPU, 1)).isEqualTo(-2);
        assertThat(output(cpu, 1)).isEqualTo(-2);
        assertThat(output(Cpu.COUNT, 1)).isEqualTo(-2);
    }

    @Test
    void anIndexBeyondTheEndIsTooBig() {
        assertThat(output(Cpu.COUNT + 1L, 1)).isEqualTo(-7);
        assertThat(output(0x7fff_ffff, 1)).isEqualTo(-7);
        Refusal.of(Errno.E2BIG, () -> map.open(Cpu.COUNT + 1L, 4096));
        Refusal.of(Errno.E2BIG, () -> map.open(-1, 4096));
        Refusal.of(Errno.E2BIG, () -> map.delete(u32(Cpu.COUNT + 1)));
    }

    @Test
    void aBufferIsWrittenOnItsOwnCpuOnly() {
        assumeTrue(Cpu.COUNT > 1);
        int other = (cpu + 1) % Cpu.COUNT;
        map.open(other, 4096);

        assertThat(output(other, 1)).isEqualTo(-95);
    }

    @Test
    void flagsAreTheIndexAndNothingElse() {
        map.open(cpu, 4096);

        assertThat(output(1L << 32 | cpu, 1)).isEqualTo(-22);
        assertThat(output(-1, 1)).isEqualTo(-22);
    }

    @Test
    void whatDoesNotFitIsLostAndCounted() {
        var reader = map.open(cpu, 4096);
        int taken = 0;
        while (output(CURRENT_CPU, taken) == 0) taken++;

        assertThat(output(CURRENT_CPU, 0)).isEqualTo(-28);
        assertThat(taken).isEqualTo(4096 / 24);
        assertThat(reader.lost()).isEqualTo(2);
        reader.poll();
        assertThat(output(CURRENT_CPU, 7)).isZero();
        assertThat(reader.lost()).isEqualTo(2);
        long last = -1;
        for (var r = reader.poll(); r.isPresent(); r = reader.poll()) last = number(r.get());
        assertThat(last).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -4096, 4095, 12288, 1 << 11, 1 << 31})
    void theSizeOfABufferIsAPowerOfTwo(int bytes) {
        Refusal.of(Errno.EINVAL, () -> map.open(cpu, bytes));
    }

    @Test
    void aCpuThatIsNotThereHasNoBuffer() {
        assertThat(Refusal.of(Errno.ENODEV, () -> map.open(Cpu.COUNT, 4096)))
                .hasMessageContaining("CPU %d, the last is %d", Cpu.COUNT, Cpu.COUNT - 1);
    }

    @Test
    void allCpusAreOpenedAtOnce() {
        assertThat(map.openAll(4096)).extracting(PerfReader::cpu).hasSize(Cpu.COUNT);

        assertThat(output(CURRENT_CPU, 1)).isZero();
    }

    @Test
    void aBufferThatIsClosedTakesNoMoreAndIsStillRead() {
        var reader = map.open(cpu, 4096);
        output(CURRENT_CPU, 1);

        reader.close();

        assertThat(output(CURRENT_CPU, 2)).isEqualTo(-2);
        assertThat(reader.poll()).hasValue(u64(1));
        reader.close();
        Refusal.of(Errno.ENOENT, () -> map.delete(u32(cpu)));
    }

    /**
     * More than there is memory for at a time; the test holds the readers, so none is collected.
     */
    @Test
    void aBufferThatIsClosedGivesItsMemoryBack() {
        List<PerfReader> closed = new ArrayList<>();
        for (int i = 0; i < TOO_MANY; i++) {
            var reader = map.open(cpu, LARGE);
            closed.add(reader);
            reader.close();
            reader.close();
        }

        assertThat(closed).hasSize(TOO_MANY);
    }

    /** They take no heap until there are records, so nothing collects them but the need for one. */
    @Test
    void buffersThatNobodyCanReachMakeRoomForOthers() {
        for (int i = 0; i < TOO_MANY; i++) map.open(cpu, LARGE);

        assertThat(output(CURRENT_CPU, 1)).isZero();
    }

    @Test
    @Timeout(60)
    void whoWaitsForARecordLearnsThatTheReaderIsClosed() throws Exception {
        var reader = map.open(cpu, 4096);
        var wait = new FutureTask<>(reader::take);
        var thread = Thread.ofPlatform().daemon().start(wait);
        while (thread.getState() != Thread.State.WAITING) Thread.onSpinWait();

        reader.close();

        thread.join();
        assertThat(wait.exceptionNow()).hasMessageContaining("EBADF", "the reader is closed");
    }

    @Test
    void anotherBufferTakesThePlaceOfOne() {
        var first = map.open(cpu, 4096);
        var second = map.open(cpu, 4096);
        first.close();

        output(CURRENT_CPU, 1);

        assertThat(first.poll()).isEmpty();
        assertThat(second.poll()).isPresent();
        map.delete(u32(cpu));
        assertThat(output(CURRENT_CPU, 2)).isEqualTo(-2);
    }

    @Test
    void buffersAreNotBytes() {
        map.open(cpu, 4096);

        Refusal.of(Errno.ENOTSUPP, () -> map.lookup(u32(cpu)));
        Refusal.of(Errno.EBADF, () -> map.update(u32(cpu), u32(3), UpdateFlag.ANY));
        assertThat(map.lookupFromProgram(u32(cpu))).isNull();
        assertThat(map.deleteFromProgram(u32(cpu))).isEqualTo(-22);
        assertThat(map.keys()).hasSize(Cpu.COUNT + 1);
        map.freeze();
        Refusal.of(Errno.EPERM, () -> map.open(cpu, 4096));
    }

    @Test
    void whoWaitsIsWokenByARecord() throws Exception {
        var reader = map.open(cpu, 4096);
        var waiting = CompletableFuture.supplyAsync(() -> take(reader));
        output(CURRENT_CPU, 5);

        assertThat(waiting.get(1, TimeUnit.MINUTES)).isEqualTo(5);
    }

    private static long take(PerfReader reader) {
        try {
            return number(reader.take());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachRecordIsReadOrCountedAsLost() throws Exception {
        Cpu.leave();
        try {
            var readers = map.openAll(4096);
            var written = new AtomicLong();
            var read = new AtomicLong();
            Threads.run(
                    4,
                    _ -> {
                        for (long i = 0; i < 3_000; i++) {
                            Cpu.enter();
                            if (output(CURRENT_CPU, i) == 0) written.incrementAndGet();
                            Cpu.leave();
                            if (i % 3 == 0) read.addAndGet(pollEach(readers));
                        }
                    });
            long lost = readers.stream().mapToLong(PerfReader::lost).sum();
            assertThat(written.get() + lost).isEqualTo(12_000);
            for (int more = pollEach(readers); more > 0; more = pollEach(readers)) {
                read.addAndGet(more);
            }
            assertThat(read).hasValue(written.get());
        } finally {
            Cpu.enter();
        }
    }

    private static int pollEach(List<PerfReader> readers) {
        return (int) readers.stream().filter(reader -> reader.poll().isPresent()).count();
    }

    private long output(long flags, long value) {
        return map.output(flags, MemorySegment.ofArray(u64(value)), NOTHING);
    }

    private static PerfEventArrayMap array(int key, int value, long count, int flags) {
        return new PerfEventArrayMap(
                MapDefinition.of("events", MapType.PERF_EVENT_ARRAY, key, value, count)
                        .withFlags(flags));
    }
}
