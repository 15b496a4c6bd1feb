package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.number;
import static io.jsockmap.bpf.map.Bytes.u32;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.memory.Memory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;

/** BPF_MAP_TYPE_PERCPU_HASH and BPF_MAP_TYPE_LRU_PERCPU_HASH. */
class PercpuHashMapTest {
    private final PercpuHashMap map = hash(4, 8, 2, 0);

    @ParameterizedTest
    @CsvSource({
        "0, 8, 1, 0, EINVAL",
        "4, 0, 1, 0, EINVAL",
        "4, 8, 0, 0, EINVAL",
        "4, 32769, 1, 0, E2BIG",
        "4, -1, 1, 0, E2BIG",
        "4194304, 8, 1, 0, E2BIG",
        "4, 8, 1, 2, EINVAL",
        "4, 8, 1, 4, EINVAL",
    })
    void aHashThatCanNotBeIsRefused(int key, int value, long count, int flags, Errno errno) {
        Refusal.of(errno, () -> hash(key, value, count, flags));
    }

    @Test
    void aHashThatEvictsIsPreallocatedAndBelongsToNoNode() {
        Refusal.of(Errno.ENOTSUPP, () -> lru(1, 1));
        Refusal.of(Errno.EINVAL, () -> lru(1, 4));
        assertThat(lru(1, 2).keys()).isEmpty();
        assertThat(hash(4, 32768, 1, 1).keys()).isEmpty();
    }

    @Test
    void applicationsWriteAndReadTheValuesOfAllCpus() {
        map.update(u32(1), values(10), UpdateFlag.ANY);
        assertThat(map.lookup(u32(1))).hasValue(values(10));

        map.update(u32(1), values(20), UpdateFlag.EXIST);

        assertThat(map.lookup(u32(1))).hasValue(values(20));
        Refusal.of(Errno.EINVAL, () -> map.update(u32(1), new byte[7], UpdateFlag.ANY));
    }

    @Test
    void valuesAreRoundedUpToEightBytesForApplications() {
        assertThat(hash(4, 12, 1, 0).userValueSize()).isEqualTo(16 * Cpu.COUNT);
    }

    @Test
    void aProgramSetsTheValueOfItsOwnCpu() {
        Cpu.enter();
        int cpu = Cpu.current();
        assertThat(map.updateFromProgram(u32(1), u64(5), 0)).isZero();
        Cpu.leave();

        var values = map.lookup(u32(1)).orElseThrow();
        for (int i = 0; i < Cpu.COUNT; i++) {
            var value = Arrays.copyOfRange(values, 8 * i, 8 * i + 8);
            assertThat(number(value)).as("CPU %d", i).isEqualTo(i == cpu ? 5 : 0);
        }
    }

    /** The value is changed where it is: a pointer to it stays good. */
    @Test
    void anUpdateIsSeenThroughAPointerFromBefore() {
        map.update(u32(1), values(1), UpdateFlag.ANY);
        Cpu.enter();
        var memory = new Memory();
        long value = memory.addressOf(map.lookupFromProgram(u32(1)));

        map.updateFromProgram(u32(1), u64(77), 2);

        assertThat(memory.load(value, 8)).isEqualTo(77);
        assertThat(map.lookupFromProgram(u32(1))).isSameAs(map.lookupFromProgram(u32(1)));
        Cpu.leave();
    }

    @Test
    void aProgramFindsTheValueOfAnyCpu() {
        map.update(u32(1), values(30), UpdateFlag.ANY);

        for (int cpu = 0; cpu < Cpu.COUNT; cpu++) {
            var value = map.lookupFromProgram(u32(1), cpu);
            assertThat(value.load(new Memory(), 0, 8)).isEqualTo(30 + cpu);
        }
        assertThat(map.lookupFromProgram(u32(2), 0)).isNull();
    }

    @Test
    void flagsAndRoomAreThoseOfAHash() {
        map.update(u32(1), values(0), UpdateFlag.NOEXIST);
        Refusal.of(Errno.EEXIST, () -> map.update(u32(1), values(0), UpdateFlag.NOEXIST));
        Refusal.of(Errno.ENOENT, () -> map.update(u32(2), values(0), UpdateFlag.EXIST));
        map.update(u32(2), values(0), UpdateFlag.ANY);
        Refusal.of(Errno.E2BIG, () -> map.update(u32(3), values(0), UpdateFlag.ANY));
        assertThat(map.updateFromProgram(u32(3), u64(0), 0)).isEqualTo(-7);
        assertThat(map.updateFromProgram(u32(3), u64(0), 2)).isEqualTo(-2);
        assertThat(map.updateFromProgram(u32(1), u64(0), 1)).isEqualTo(-17);

        map.delete(u32(1));
        Refusal.of(Errno.ENOENT, () -> map.delete(u32(1)));

        assertThat(map.keys()).containsExactly(u32(2));
    }

    @Test
    void takingAnElementGivesTheValuesOfAllCpus() {
        map.update(u32(1), values(3), UpdateFlag.ANY);

        assertThat(map.lookupAndDelete(u32(1))).isEqualTo(values(3));
        assertThat(map.keys()).isEmpty();
    }

    @Test
    void aFullMapThatEvictsDropsWhatWasNotUsed() {
        var lru = lru(10, 0);
        for (int i = 0; i < 10; i++) lru.update(u32(i), values(i), UpdateFlag.ANY);
        lru.lookupFromProgram(u32(3));

        for (int i = 10; i < 15; i++) lru.update(u32(i), values(i), UpdateFlag.ANY);

        assertThat(lru.keys()).hasSize(10);
        assertThat(lru.lookup(u32(3))).hasValue(values(3));
        assertThat(lru.lookup(u32(14))).hasValue(values(14));
    }

    @Test
    void countersOfManyThreadsAddUp() throws Exception {
        map.update(u32(1), new byte[8 * Cpu.COUNT], UpdateFlag.ANY);

        Threads.run(
                4,
                _ -> {
                    for (int i = 0; i < 5_000; i++) {
                        Cpu.enter();
                        var value = map.lookupFromProgram(u32(1));
                        value.store(null, 0, 8, value.load(null, 0, 8) + 1);
                        Cpu.leave();
                    }
                });

        var values = map.lookup(u32(1)).orElseThrow();
        long sum = 0;
        for (int i = 0; i < Cpu.COUNT; i++) {
            sum += number(Arrays.copyOfRange(values, 8 * i, 8 * i + 8));
        }
        assertThat(sum).isEqualTo(20_000);
    }

    /** A value for each CPU: first, first + 1 and so on. */
    private static byte[] values(long first) {
        var all = new byte[8 * Cpu.COUNT];
        for (int i = 0; i < Cpu.COUNT; i++) System.arraycopy(u64(first + i), 0, all, 8 * i, 8);
        return all;
    }

    private static PercpuHashMap hash(int key, int value, long count, int flags) {
        return new PercpuHashMap(
                MapDefinition.of("per_cpu", MapType.PERCPU_HASH, key, value, count)
                        .withFlags(flags));
    }

    private static LruPercpuHashMap lru(long count, int flags) {
        return new LruPercpuHashMap(
                MapDefinition.of("recent", MapType.LRU_PERCPU_HASH, 4, 8, count).withFlags(flags));
    }
}
