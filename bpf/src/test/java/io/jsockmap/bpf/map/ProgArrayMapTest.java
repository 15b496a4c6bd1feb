package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.u32;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BPF_MAP_TYPE_PROG_ARRAY. */
class ProgArrayMapTest {
    private final ProgArrayMap<String> map = array(4, 4, 2, 0);

    @ParameterizedTest
    @CsvSource({
        "8, 4, 1, EINVAL",
        "4, 8, 1, EINVAL",
        "4, 0, 1, EINVAL",
        "4, 4, 0, EINVAL",
        "4, 4, 4294967295, ENOMEM",
    })
    void anArrayThatCanNotBeIsRefused(int key, int value, long count, Errno errno) {
        Refusal.of(errno, () -> array(key, value, count, 0));
    }

    @Test
    void aProgramIsPutReplacedAndTakenAway() {
        map.set(1, "first");
        assertThat(map.program(1)).isEqualTo("first");

        map.set(1, "second");
        assertThat(map.program(1)).isEqualTo("second");

        map.delete(u32(1));
        assertThat(map.program(1)).isNull();
        map.set(0, null);
        assertThat(map.program(0)).isNull();
    }

    @Test
    void anIndexBeyondTheEndHasNoProgram() {
        for (long index : new long[] {2, -1, 0xffff_ffffL}) {
            assertThat(map.program(index)).isNull();
            Refusal.of(Errno.E2BIG, () -> map.set(index, "program"));
        }
        Refusal.of(Errno.E2BIG, () -> map.delete(u32(2)));
    }

    @Test
    void anEmptyPlaceCanNotBeEmptied() {
        Refusal.of(Errno.ENOENT, () -> map.delete(u32(0)));
    }

    @Test
    void programsAreNotBytes() {
        map.set(0, "program");

        Refusal.of(Errno.EOPNOTSUPP, () -> map.lookup(u32(0)));
        Refusal.of(Errno.EBADF, () -> map.update(u32(0), u32(3), UpdateFlag.ANY));
        assertThat(map.lookupFromProgram(u32(0))).isNull();
        assertThat(map.updateFromProgram(u32(0), u32(3), 0)).isEqualTo(-9);
        assertThat(map.program(0)).isEqualTo("program");
    }

    @Test
    void aMapThatIsFrozenOrReadOnlyKeepsItsPrograms() {
        map.set(0, "program");
        map.freeze();

        Refusal.of(Errno.EPERM, () -> map.set(0, "other"));
        Refusal.of(Errno.EPERM, () -> map.delete(u32(0)));
        Refusal.of(Errno.EPERM, () -> array(4, 4, 1, BpfMap.RDONLY).set(0, "other"));
    }

    @Test
    void allIndexesAreKeys() {
        assertThat(map.keys()).containsExactly(u32(0), u32(1));
    }

    private static ProgArrayMap<String> array(int key, int value, long count, int flags) {
        return new ProgArrayMap<>(
                MapDefinition.of("jumps", MapType.PROG_ARRAY, key, value, count).withFlags(flags));
    }
}
