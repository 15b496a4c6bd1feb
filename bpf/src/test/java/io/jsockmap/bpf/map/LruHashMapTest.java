package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.u32;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;

import org.junit.jupiter.api.Test;

/** BPF_MAP_TYPE_LRU_HASH. */
class LruHashMapTest {
    private static final int NO_COMMON_LRU = 1 << 1;

    private final LruHashMap map = lru(100, 0);

    @Test
    void aMapThatIsNotPreallocatedIsNotSupported() {
        Refusal.of(Errno.ENOTSUPP, () -> lru(1, HashMap.NO_PREALLOC));
        assertThat(lru(1, NO_COMMON_LRU).keys()).isEmpty();
    }

    @Test
    void aFullMapMakesRoomForOne() {
        fill();

        map.update(u32(100), u64(100), UpdateFlag.ANY);

        assertThat(map.lookup(u32(100))).hasValue(u64(100));
        assertThat(map.keys()).hasSize(100);
    }

    @Test
    void whatAProgramLookedUpStays() {
        fill();
        for (int i = 0; i < 50; i++) map.lookupFromProgram(u32(i));

        for (int i = 0; i < 40; i++) map.update(u32(1000 + i), u64(i), UpdateFlag.ANY);

        for (int i = 0; i < 50; i++) assertThat(map.lookup(u32(i))).as("key %d", i).isPresent();
        assertThat(map.keys()).hasSize(100);
    }

    @Test
    void whatWasReplacedStays() {
        fill();
        for (int i = 0; i < 50; i++) map.update(u32(i), u64(0), UpdateFlag.EXIST);

        for (int i = 0; i < 40; i++) map.update(u32(1000 + i), u64(i), UpdateFlag.ANY);

        for (int i = 0; i < 50; i++) assertThat(map.lookup(u32(i))).as("key %d", i).isPresent();
    }

    /** Otherwise a tool that lists a map would change what the map keeps. */
    @Test
    void anApplicationsLookupDoesNotCountAsAUse() {
        fill();
        for (int i = 0; i < 100; i++) map.lookup(u32(i));
        map.lookupFromProgram(u32(42));

        for (int i = 0; i < 50; i++) map.update(u32(1000 + i), u64(i), UpdateFlag.ANY);

        assertThat(map.lookup(u32(42))).isPresent();
    }

    @Test
    void aMapOfUsedElementsOnlyStillMakesRoom() {
        fill();
        for (int i = 0; i < 100; i++) map.lookupFromProgram(u32(i));

        assertThat(map.updateFromProgram(u32(100), u64(100), 0)).isZero();

        assertThat(map.keys()).hasSize(100);
        assertThat(map.lookup(u32(100))).isPresent();
    }

    @Test
    void aRefusedUpdateDropsNothing() {
        fill();

        Refusal.of(Errno.ENOENT, () -> map.update(u32(100), u64(1), UpdateFlag.EXIST));
        Refusal.of(Errno.EEXIST, () -> map.update(u32(1), u64(1), UpdateFlag.NOEXIST));

        assertThat(map.keys()).hasSize(100);
    }

    @Test
    void updatesOfManyThreadsAllSucceedAndNeverExceedTheRoom() throws Exception {
        Threads.run(
                4,
                thread -> {
                    for (int i = 0; i < 5_000; i++) {
                        map.update(u32(i * 4 + thread), u64(i), UpdateFlag.ANY);
                    }
                });

        assertThat(map.keys()).hasSize(100);
    }

    @Test
    void aMapOfOneHoldsTheLast() {
        var one = lru(1, 0);

        for (int i = 0; i < 10; i++) one.update(u32(i), u64(i), UpdateFlag.ANY);

        assertThat(one.keys()).containsExactly(u32(9));
    }

    private void fill() {
        for (int i = 0; i < 100; i++) map.update(u32(i), u64(i), UpdateFlag.ANY);
    }

    private static LruHashMap lru(long count, int flags) {
        return new LruHashMap(
                MapDefinition.of("recent", MapType.LRU_HASH, 4, 8, count).withFlags(flags));
    }
}
