package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;

/** BPF_MAP_TYPE_BLOOM_FILTER. */
class BloomFilterMapTest {
    private static final byte[] NO_KEY = {};

    private final BloomFilterMap map = filter(0, 8, 1000, 0, 0);

    @ParameterizedTest
    @CsvSource({
        "4, 8, 1, 0, 0, EINVAL",
        "0, 0, 1, 0, 0, EINVAL",
        "0, 8, 0, 0, 0, EINVAL",
        "0, 8, 1, 16, 0, EINVAL",
        "0, 8, 1, -1, 0, EINVAL",
        "0, 8, 1, 0, 1, EINVAL",
        "0, 8, 1, 0, 24, EINVAL",
        "0, 4194305, 1, 0, 0, E2BIG",
    })
    void aFilterThatCanNotBeIsRefused(
            int key, int value, long count, long hashes, int flags, Errno errno) {
        Refusal.of(errno, () -> filter(key, value, count, hashes, flags));
    }

    @Test
    void onlyAFilterHasHashes() {
        var definition = MapDefinition.of("h", MapType.HASH, 4, 4, 1).withExtra(3);

        Refusal.of(Errno.EINVAL, () -> MapKinds.plain().create(definition));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3, 15})
    void whatWasPutInIsNeverDeniedAndLittleElseAffirmed(long hashes) {
        var filter = filter(0, 8, 1000, hashes, 0);
        for (long i = 0; i < 1000; i++) filter.push(u64(i));

        for (long i = 0; i < 1000; i++) assertThat(filter.mayContain(u64(i))).isTrue();
        int mistakes = 0;
        for (long i = 1000; i < 11_000; i++) {
            if (filter.mayContain(u64(i))) mistakes++;
        }
        // One hash in 2048 bits, of which 1000 values set more than a third.
        assertThat(mistakes).isLessThan(hashes == 1 ? 6000 : 2000);
    }

    /** Far beyond max_entries it affirms nearly everything, and still denies nothing. */
    @Test
    void aFilterThatWasGivenTooMuchStillDeniesNothing() {
        var small = filter(0, 8, 1, 0, 0);
        for (long i = 0; i < 500; i++) assertThat(small.pushFromProgram(u64(i), 0)).isZero();

        for (long i = 0; i < 500; i++) {
            assertThat(small.peekFromProgram(MemorySegment.ofArray(u64(i)))).isZero();
        }
    }

    @Test
    void anEmptyFilterDeniesEverything() {
        assertThat(map.mayContain(u64(0))).isFalse();
        assertThat(map.peekFromProgram(MemorySegment.ofArray(u64(0)))).isEqualTo(-2);
    }

    @Test
    void valuesAreOnlyPutIn() {
        map.push(u64(1));

        assertThat(map.popFromProgram(MemorySegment.ofArray(u64(1)))).isEqualTo(-95);
        assertThat(map.pushFromProgram(u64(1), 1)).isEqualTo(-22);
        assertThat(map.pushFromProgram(u64(1), 2)).isEqualTo(-22);
        assertThat(map.pushFromProgram(u64(1), 8)).isEqualTo(-22);
        assertThat(map.updateFromProgram(NO_KEY, u64(1), 0)).isEqualTo(-22);
        assertThat(map.deleteFromProgram(NO_KEY)).isEqualTo(-95);
        assertThat(map.lookupFromProgram(NO_KEY)).isNull();
        Refusal.of(Errno.EINVAL, () -> map.update(NO_KEY, u64(2), UpdateFlag.EXIST));
        Refusal.of(Errno.EOPNOTSUPP, () -> map.delete(NO_KEY));
        Refusal.of(Errno.EOPNOTSUPP, map::firstKey);
        Refusal.of(Errno.EINVAL, () -> map.lookup(NO_KEY));
        Refusal.of(Errno.ENOTSUPP, () -> map.lookupAndDelete(NO_KEY));
        assertThat(map.mayContain(u64(2))).isFalse();
    }

    @Test
    void valuesOfAnotherSizeAreRefused() {
        Refusal.of(Errno.EINVAL, () -> map.push(new byte[7]));
        Refusal.of(Errno.EINVAL, () -> map.mayContain(new byte[9]));
    }

    @Test
    void whoMayNotReadOrWriteIsRefused() {
        Refusal.of(Errno.EPERM, () -> filter(0, 8, 1, 0, BpfMap.RDONLY).push(u64(1)));
        Refusal.of(Errno.EPERM, () -> filter(0, 8, 1, 0, BpfMap.WRONLY).mayContain(u64(1)));
        assertThat(filter(0, 8, 1, 0, BpfMap.RDONLY_PROG).pushFromProgram(u64(1), 0))
                .isEqualTo(-13);
    }

    @Test
    void noBitIsLostAmongManyThreads() throws Exception {
        Threads.run(
                4,
                thread -> {
                    for (long i = 0; i < 2_000; i++) map.pushFromProgram(u64(i * 4 + thread), 0);
                });

        for (long i = 0; i < 8_000; i++) assertThat(map.mayContain(u64(i))).isTrue();
    }

    private static BloomFilterMap filter(int key, int value, long count, long hashes, int flags) {
        return new BloomFilterMap(
                MapDefinition.of("seen", MapType.BLOOM_FILTER, key, value, count)
                        .withExtra(hashes)
                        .withFlags(flags));
    }
}
