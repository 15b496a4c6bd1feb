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
    private static final Target FIRST = new Target(17, "plain");
    private static final Target SECOND = new Target(18, "plain");
    private static final Target PROGRAM = FIRST;
    private static final Target OTHER = SECOND;

    private record Target(int id, String typeName) implements JumpTarget {}

    private final ProgArrayMap<Target> map = array(4, 4, 2, 0);

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
        map.set(1, FIRST);
        assertThat(map.program(1)).isEqualTo(FIRST);

        map.set(1, SECOND);
        assertThat(map.program(1)).isEqualTo(SECOND);

        map.delete(u32(1));
        assertThat(map.program(1)).isNull();
        map.set(0, null);
        assertThat(map.program(0)).isNull();
    }

    @Test
    void anIndexBeyondTheEndHasNoProgram() {
        for (long index : new long[] {2, -1, 0xffff_ffffL}) {
            assertThat(map.program(index)).isNull();
            Refusal.of(Errno.E2BIG, () -> map.set(index, PROGRAM));
        }
        Refusal.of(Errno.E2BIG, () -> map.delete(u32(2)));
    }

    @Test
    void anEmptyPlaceCanNotBeEmptied() {
        Refusal.of(Errno.ENOENT, () -> map.delete(u32(0)));
    }

    @Test
    void programsAreNotBytes() {
        map.set(0, PROGRAM);

        Refusal.of(Errno.EBADF, () -> map.update(u32(0), u32(3), UpdateFlag.ANY));
        assertThat(map.lookupFromProgram(u32(0))).isNull();
        assertThat(map.updateFromProgram(u32(0), u32(3), 0)).isEqualTo(-9);
        assertThat(map.program(0)).isEqualTo(PROGRAM);
    }

    @Test
    void anApplicationLooksUpTheIdOfAProgram() {
        map.set(1, SECOND);

        assertThat(map.lookup(u32(1))).hasValue(u32(18));
        assertThat(map.lookup(u32(0))).isEmpty();
        assertThat(map.lookup(u32(2))).isEmpty();
    }

    @Test
    void theFirstProgramDecidesOfWhichTypeAllAre() {
        assertThat(map.programType()).isEmpty();
        map.set(0, FIRST);
        assertThat(map.programType()).hasValue("plain");

        var other = new Target(19, "sk_msg");
        assertThat(Refusal.of(Errno.EINVAL, () -> map.set(1, other)))
                .hasMessageContaining(
                        "a program of type sk_msg; the map is for programs of type plain");
        map.delete(u32(0));
        Refusal.of(Errno.EINVAL, () -> map.set(1, other));
        assertThat(map.program(1)).isNull();
    }

    @Test
    void aProgramThatRefersToTheMapDecidesToo() {
        map.admit(new Target(20, "sk_msg"));

        Refusal.of(Errno.EINVAL, () -> map.set(0, FIRST));
        Refusal.of(Errno.EINVAL, () -> map.admit(FIRST));
        map.admit(new Target(21, "sk_msg"));
    }

    @Test
    void aProgramCanNotTakeProgramsOut() {
        map.set(0, PROGRAM);

        assertThat(map.deleteFromProgram(u32(0))).isEqualTo(-22);
        assertThat(map.program(0)).isEqualTo(PROGRAM);
    }

    @Test
    void aMapThatIsFrozenOrReadOnlyKeepsItsPrograms() {
        map.set(0, PROGRAM);
        map.freeze();

        Refusal.of(Errno.EPERM, () -> map.set(0, OTHER));
        Refusal.of(Errno.EPERM, () -> map.delete(u32(0)));
        Refusal.of(Errno.EPERM, () -> array(4, 4, 1, BpfMap.RDONLY).set(0, OTHER));
    }

    @Test
    void allIndexesAreKeys() {
        assertThat(map.keys()).containsExactly(u32(0), u32(1));
    }

    private static ProgArrayMap<Target> array(int key, int value, long count, int flags) {
        return new ProgArrayMap<>(
                MapDefinition.of("jumps", MapType.PROG_ARRAY, key, value, count).withFlags(flags));
    }
}
