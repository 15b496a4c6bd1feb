package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.u32;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.memory.Memory;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BPF_MAP_TYPE_ARRAY. */
class ArrayMapTest {
    private final ArrayMap map = array(4, 8, 3);

    @ParameterizedTest
    @CsvSource({
        "8, 8, 1, EINVAL",
        "2, 8, 1, EINVAL",
        "0, 8, 1, EINVAL",
        "4, 0, 1, EINVAL",
        "4, 8, 0, EINVAL",
        "4, -1, 1, E2BIG",
        "4, 2147483647, 1, E2BIG",
        "4, 8, 4294967295, ENOMEM",
        "4, 1073741824, 4, ENOMEM",
    })
    void anArrayThatCanNotBeIsRefused(int key, int value, long count, Errno errno) {
        assertThat(Refusal.of(errno, () -> array(key, value, count)))
                .hasMessageContaining("map numbers (array)");
    }

    @Test
    void allElementsExistFromTheBeginning() {
        assertThat(map.lookup(u32(2))).hasValue(u64(0));
        assertThat(map.keys()).containsExactly(u32(0), u32(1), u32(2));
        assertThat(map.lookupFromProgram(u32(2))).isNotNull();
    }

    @Test
    void anElementIsReplaced() {
        map.update(u32(1), u64(5), UpdateFlag.ANY);
        map.update(u32(1), u64(6), UpdateFlag.EXIST);

        assertThat(map.lookup(u32(1))).hasValue(u64(6));
        assertThat(map.lookup(u32(0))).hasValue(u64(0));
        assertThat(map.lookup(u32(2))).hasValue(u64(0));
    }

    @Test
    void anElementIsAlwaysThereAlready() {
        Refusal.of(Errno.EEXIST, () -> map.update(u32(1), u64(5), UpdateFlag.NOEXIST));
        assertThat(map.updateFromProgram(u32(1), u64(5), 1)).isEqualTo(-17);
        assertThat(map.lookup(u32(1))).hasValue(u64(0));
    }

    @Test
    void anElementCanNotBeDeleted() {
        Refusal.of(Errno.EINVAL, () -> map.delete(u32(1)));
        Refusal.of(Errno.EINVAL, () -> map.delete(u32(3)));
        assertThat(map.deleteFromProgram(u32(1))).isEqualTo(-22);
    }

    @Test
    void anIndexBeyondTheEndIsNotThere() {
        for (int index : new int[] {3, -1}) {
            assertThat(map.lookup(u32(index))).isEmpty();
            assertThat(map.lookupFromProgram(u32(index))).isNull();
            assertThat(map.updateFromProgram(u32(index), u64(1), 0)).isEqualTo(-7);
            for (var flag : UpdateFlag.values()) {
                Refusal.of(Errno.E2BIG, () -> map.update(u32(index), u64(1), flag));
            }
        }
    }

    @Test
    void theKeyBehindOneThatIsNotThereIsTheFirst() {
        assertThat(map.firstKey()).hasValue(u32(0));
        assertThat(map.nextKey(u32(0))).hasValue(u32(1));
        assertThat(map.nextKey(u32(2))).isEmpty();
        assertThat(map.nextKey(u32(3))).hasValue(u32(0));
        assertThat(map.nextKey(u32(-1))).hasValue(u32(0));
    }

    @Test
    void programsAndApplicationsSeeTheSameBytes() {
        var memory = new Memory();
        long looked = memory.addressOf(map.lookupFromProgram(u32(1)));
        long direct = memory.addressOf(map.memory()) + 8;

        memory.store(looked, 8, 77);

        assertThat(memory.load(direct, 8)).isEqualTo(77);
        assertThat(map.lookup(u32(1))).hasValue(u64(77));
    }

    @Test
    @DisplayName("M29: a direct address into a BPF_F_WRONLY_PROG array can't be read either")
    void aDirectAddressReadsNoMoreThanALookup() {
        var definition = MapDefinition.of("numbers", MapType.ARRAY, 4, 8, 1);
        var secret = new ArrayMap(definition.withFlags(BpfMap.WRONLY_PROG));
        var text = "r1 = map[fd:0][0]+0\n%s\nr0 = 0\nexit";

        assertThat(Trial.of(text.formatted("r2 = *(u64 *)(r1 + 0)")).with(secret).fault())
                .hasMessageContaining("can't be read: the map is BPF_F_WRONLY_PROG");
        Trial.of(text.formatted("*(u64 *)(r1 + 0) = 9")).with(secret).run();
        assertThat(secret.lookup(u32(0))).hasValue(u64(9));
    }

    /** Programs compare pointers; and a run that looks up in a loop must not hold ever more. */
    @Test
    void anElementIsOneRegion() {
        assertThat(map.lookupFromProgram(u32(1))).isSameAs(map.lookupFromProgram(u32(1)));
    }

    @Test
    void elementsAreAlignedToEightBytes() {
        var odd = array(4, 5, 2);
        var memory = new Memory();

        memory.store(memory.addressOf(odd.lookupFromProgram(u32(1))), 1, 9);

        assertThat(odd.memory().size()).isEqualTo(16);
        assertThat(memory.load(memory.addressOf(odd.memory()) + 8, 1)).isEqualTo(9);
        assertThat(odd.lookup(u32(1))).hasValue(new byte[] {9, 0, 0, 0, 0});
    }

    @Test
    void whatWasLookedUpIsACopy() {
        var value = map.lookup(u32(0)).orElseThrow();

        value[0] = 1;

        assertThat(map.lookup(u32(0))).hasValue(u64(0));
    }

    private static ArrayMap array(int key, int value, long count) {
        return new ArrayMap(MapDefinition.of("numbers", MapType.ARRAY, key, value, count));
    }
}
