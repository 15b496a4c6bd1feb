package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.u32;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.memory.Memory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.LongStream;

/** BPF_MAP_TYPE_PERCPU_ARRAY. */
class PercpuArrayMapTest {
    private final PercpuArrayMap map = array(4, 4, 2);
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
        "8, 8, 1, EINVAL",
        "4, 0, 1, EINVAL",
        "4, 32769, 1, E2BIG",
        "4, -1, 1, E2BIG",
        "4, 2147483647, 4294967295, E2BIG",
        "4, 8, 4294967295, ENOMEM",
    })
    void anArrayThatCanNotBeIsRefused(int key, int value, long count, Errno errno) {
        Refusal.of(errno, () -> array(key, value, count));
    }

    @Test
    void anApplicationReadsTheValuesOfAllCpusAtOnceRoundedUpToEightBytes() {
        assertThat(map.userValueSize()).isEqualTo(8 * Cpu.COUNT);
        assertThat(map.lookup(u32(1)).orElseThrow()).hasSize(8 * Cpu.COUNT).containsOnly(0);
    }

    @Test
    void anApplicationWritesTheValuesOfAllCpus() {
        var values = new byte[map.userValueSize()];
        for (int i = 0; i < Cpu.COUNT; i++) values[8 * i] = (byte) (i + 1);

        map.update(u32(1), values, UpdateFlag.ANY);

        assertThat(map.lookup(u32(1))).hasValue(values);
        assertThat(map.lookupFromProgram(u32(1)).load(new Memory(), 0, 4)).isEqualTo(cpu + 1);
        assertThat(map.lookup(u32(0)).orElseThrow()).containsOnly(0);
    }

    @Test
    void aProgramWritesTheValueOfItsCpuOnly() {
        assertThat(map.updateFromProgram(u32(0), u32(9), 0)).isZero();

        var all = ByteBuffer.wrap(map.lookup(u32(0)).orElseThrow()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < Cpu.COUNT; i++) {
            assertThat(all.getLong(8 * i)).as("CPU %d", i).isEqualTo(i == cpu ? 9 : 0);
        }
    }

    @Test
    void anIndexBeyondTheEndIsNotThere() {
        assertThat(map.lookup(u32(2))).isEmpty();
        assertThat(map.lookupFromProgram(u32(-1))).isNull();
        assertThat(map.updateFromProgram(u32(2), u32(9), 0)).isEqualTo(-7);
        Refusal.of(Errno.E2BIG, () -> map.update(u32(2), zeros(), UpdateFlag.ANY));
    }

    @Test
    void anElementIsAlwaysThereAndNeverDeleted() {
        Refusal.of(Errno.EEXIST, () -> map.update(u32(0), zeros(), UpdateFlag.NOEXIST));
        assertThat(map.updateFromProgram(u32(0), u32(9), 1)).isEqualTo(-17);
        Refusal.of(Errno.EINVAL, () -> map.delete(u32(0)));
        assertThat(map.deleteFromProgram(u32(0))).isEqualTo(-22);
        assertThat(map.keys()).containsExactly(u32(0), u32(1));
    }

    /** A run has its CPU to itself: a plain "+= 1" of many runs at once loses nothing. */
    @Test
    void runsOfManyThreadsCountWithoutLoss() throws Exception {
        giveItBack();
        var counts = array(4, 8, 1);
        var trial =
                Trial.of(
                                """
                                *(u32 *)(r10 - 4) = 0
                                r2 = r10
                                r2 += -4
                                r1 = map[fd:0]
                                call 1
                                r1 = *(u64 *)(r0 + 0)
                                r1 += 1
                                *(u64 *)(r0 + 0) = r1
                                r0 = 0
                                exit
                                """)
                        .with(counts);

        Threads.run(
                4,
                _ -> {
                    for (int i = 0; i < 2_000; i++) trial.run();
                });

        takeACpu();
        var all =
                ByteBuffer.wrap(counts.lookup(u32(0)).orElseThrow()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(LongStream.range(0, Cpu.COUNT).map(i -> all.getLong((int) i * 8)).sum())
                .isEqualTo(8_000);
    }

    private byte[] zeros() {
        return new byte[map.userValueSize()];
    }

    private static PercpuArrayMap array(int key, int value, long count) {
        return new PercpuArrayMap(
                MapDefinition.of("counts", MapType.PERCPU_ARRAY, key, value, count));
    }
}
