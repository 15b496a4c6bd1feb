package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.number;
import static io.jsockmap.bpf.map.Bytes.u32;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** BPF_MAP_TYPE_HASH. */
class HashMapTest {
    private final HashMap map = hash(4, 8, 3, 0);

    @ParameterizedTest
    @CsvSource({
        "0, 8, 1, 0, EINVAL",
        "4, 0, 1, 0, EINVAL",
        "4, 8, 0, 0, EINVAL",
        "4, 8, 1, 2, EINVAL",
        "4, -1, 1, 0, E2BIG",
        "-1, 8, 1, 0, E2BIG",
        "4, 4194304, 1, 0, E2BIG",
    })
    void aHashThatCanNotBeIsRefused(int key, int value, long count, int flags, Errno errno) {
        assertThat(Refusal.of(errno, () -> hash(key, value, count, flags)))
                .hasMessageContaining("map flows (hash)");
    }

    @Test
    void aHashOfAllEntriesThereAreTakesNoMemoryBefore() {
        var large = hash(4, 8, 0xffff_ffffL, HashMap.NO_PREALLOC);

        large.update(u32(1), u64(1), UpdateFlag.ANY);

        assertThat(large.keys()).hasSize(1);
    }

    @Test
    void aKeyIsInsertedReplacedAndDeleted() {
        map.update(u32(7), u64(1), UpdateFlag.NOEXIST);
        map.update(u32(7), u64(2), UpdateFlag.EXIST);
        map.update(u32(8), u64(3), UpdateFlag.ANY);
        map.update(u32(8), u64(4), UpdateFlag.ANY);
        map.delete(u32(7));

        assertThat(map.lookup(u32(7))).isEmpty();
        assertThat(map.lookup(u32(8))).hasValue(u64(4));
    }

    @Test
    void whatIsThereIsNotInsertedAndWhatIsNotIsNotReplaced() {
        map.update(u32(7), u64(1), UpdateFlag.ANY);

        Refusal.of(Errno.EEXIST, () -> map.update(u32(7), u64(2), UpdateFlag.NOEXIST));
        Refusal.of(Errno.ENOENT, () -> map.update(u32(8), u64(2), UpdateFlag.EXIST));
        assertThat(Refusal.of(Errno.ENOENT, () -> map.delete(u32(8))))
                .hasMessageContaining("no key 08000000");
        assertThat(map.lookup(u32(7))).hasValue(u64(1));
        assertThat(map.keys()).containsExactly(u32(7));
    }

    /** That array is counted once: another would be memory that nobody has asked for. */
    @Test
    void theValuesOfAKeyShareOneArrayOfIt() {
        map.update(u32(7), u64(1), UpdateFlag.ANY);
        var key = elementAt(u32(7)).key();
        map.update(u32(7), u64(2), UpdateFlag.ANY);

        assertThat(elementAt(u32(7)).key()).isSameAs(key).containsExactly(u32(7));
        assertThat(elementAt(u32(7)).map()).isSameAs(map);
    }

    private ByteRegion.MapElement elementAt(byte[] key) {
        return ((ByteRegion) map.lookupFromProgram(key)).element().orElseThrow();
    }

    @Test
    void aFullMapTakesNoMoreKeysButReplacesThoseItHas() {
        for (int i = 0; i < 3; i++) map.update(u32(i), u64(i), UpdateFlag.ANY);

        Refusal.of(Errno.E2BIG, () -> map.update(u32(3), u64(3), UpdateFlag.ANY));
        Refusal.of(Errno.EEXIST, () -> map.update(u32(2), u64(3), UpdateFlag.NOEXIST));
        Refusal.of(Errno.ENOENT, () -> map.update(u32(3), u64(3), UpdateFlag.EXIST));
        map.update(u32(2), u64(9), UpdateFlag.ANY);
        assertThat(map.lookup(u32(2))).hasValue(u64(9));
    }

    @Test
    void aDeletedKeyMakesRoomForExactlyOne() {
        for (int i = 0; i < 3; i++) map.update(u32(i), u64(i), UpdateFlag.ANY);

        map.delete(u32(1));

        Refusal.of(Errno.ENOENT, () -> map.delete(u32(1)));
        map.update(u32(3), u64(3), UpdateFlag.ANY);
        Refusal.of(Errno.E2BIG, () -> map.update(u32(4), u64(4), UpdateFlag.ANY));
    }

    @Test
    void aProgramGetsTheSameErrno() {
        assertThat(map.updateFromProgram(u32(1), u64(1), 2)).isEqualTo(-2);
        assertThat(map.updateFromProgram(u32(1), u64(1), 1)).isZero();
        assertThat(map.updateFromProgram(u32(1), u64(1), 1)).isEqualTo(-17);
        assertThat(map.updateFromProgram(u32(2), u64(1), 0)).isZero();
        assertThat(map.updateFromProgram(u32(3), u64(1), 0)).isZero();
        assertThat(map.updateFromProgram(u32(4), u64(1), 0)).isEqualTo(-7);
        assertThat(map.deleteFromProgram(u32(4))).isEqualTo(-2);
        assertThat(map.deleteFromProgram(u32(1))).isZero();
        assertThat(map.lookupFromProgram(u32(1))).isNull();
    }

    @Test
    void aProgramWritesInPlace() {
        map.update(u32(1), u64(5), UpdateFlag.ANY);
        var memory = new Memory();
        long value = memory.addressOf(map.lookupFromProgram(u32(1)));

        memory.store(value, 8, 6);

        assertThat(map.lookup(u32(1))).hasValue(u64(6));
    }

    @Test
    void aPointerToAReplacedValueReadsTheWholeOldOne() {
        map.update(u32(1), u64(5), UpdateFlag.ANY);
        var memory = new Memory();
        long value = memory.addressOf(map.lookupFromProgram(u32(1)));

        map.update(u32(1), u64(6), UpdateFlag.ANY);
        map.delete(u32(1));

        assertThat(memory.load(value, 8)).isEqualTo(5);
    }

    @Test
    void allBytesOfAKeyCount() {
        var wide = hash(8, 8, 4, 0);
        wide.update(new byte[] {1, 2, 3, 4, 0, 0, 0, 0}, u64(1), UpdateFlag.ANY);

        assertThat(wide.lookup(new byte[] {1, 2, 3, 4, 0, 0, 0, 1})).isEmpty();
    }

    @Test
    void aKeyIsCopied() {
        var key = u32(1);
        map.update(key, u64(1), UpdateFlag.ANY);

        key[0] = 2;
        map.firstKey().orElseThrow()[0] = 3;

        assertThat(map.keys()).containsExactly(u32(1));
    }

    @Test
    void aWalkMeetsEveryKeyOnce() {
        var large = hash(4, 8, 1000, 0);
        for (int i = 0; i < 1000; i++) large.update(u32(i), u64(i), UpdateFlag.ANY);

        Set<Key> seen = new HashSet<>();
        for (var k = large.firstKey(); k.isPresent(); k = large.nextKey(k.get())) {
            assertThat(seen.add(Key.of(k.get()))).isTrue();
        }

        assertThat(seen).hasSize(1000);
        assertThat(large.nextKey(u32(5000))).hasValue(large.firstKey().orElseThrow());
    }

    @Test
    void theKeysOfALargeMapAreListedAtOnce() {
        var large = hash(4, 8, 200_000, 0);
        for (int i = 0; i < 200_000; i++) large.update(u32(i), u64(i), UpdateFlag.ANY);

        assertThat(large.keys()).hasSize(200_000);
    }

    @Test
    void insertsOfManyThreadsFillTheMapAndNoMore() throws Exception {
        var large = hash(4, 8, 2000, 0);
        Set<Integer> inserted = ConcurrentHashMap.newKeySet();
        var refused = new AtomicInteger();

        Threads.run(
                4,
                thread -> {
                    for (int i = thread; i < 4000; i += 4) {
                        try {
                            large.update(u32(i), u64(i), UpdateFlag.NOEXIST);
                            inserted.add(i);
                        } catch (BpfException e) {
                            assertThat(e.errno()).isEqualTo(Errno.E2BIG);
                            refused.incrementAndGet();
                        }
                    }
                });

        assertThat(inserted).hasSize(2000);
        assertThat(refused).hasValue(2000);
        assertThat(large.keys()).hasSize(2000);
        for (int key : inserted) assertThat(large.lookup(u32(key))).hasValue(u64(key));
    }

    @Test
    void ofManyThreadsThatInsertAKeyOneSucceeds() throws Exception {
        var large = hash(4, 8, 1000, 0);
        var succeeded = new AtomicInteger();

        Threads.run(
                4,
                thread -> {
                    for (int i = 0; i < 1000; i++) {
                        if (large.updateFromProgram(u32(i), u64(thread), 1) == 0) {
                            succeeded.incrementAndGet();
                        }
                    }
                });

        assertThat(succeeded).hasValue(1000);
    }

    @Test
    void insertsAndDeletesOfManyThreadsLoseNoRoom() throws Exception {
        var small = hash(4, 8, 4, 0);

        Threads.run(
                4,
                thread -> {
                    for (int i = 0; i < 10_000; i++) {
                        small.update(u32(thread), u64(i), UpdateFlag.NOEXIST);
                        assertThat(number(small.lookup(u32(thread)).orElseThrow())).isEqualTo(i);
                        small.delete(u32(thread));
                    }
                });

        assertThat(small.keys()).isEmpty();
        for (int i = 0; i < 4; i++) small.update(u32(i), u64(i), UpdateFlag.ANY);
        Refusal.of(Errno.E2BIG, () -> small.update(u32(4), u64(4), UpdateFlag.ANY));
    }

    private static HashMap hash(int key, int value, long count, int flags) {
        return new HashMap(
                MapDefinition.of("flows", MapType.HASH, key, value, count).withFlags(flags));
    }
}
