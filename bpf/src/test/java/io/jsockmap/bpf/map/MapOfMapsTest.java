package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.u32;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.memory.ObjectRegion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.HashSet;
import java.util.Set;

/** BPF_MAP_TYPE_ARRAY_OF_MAPS and BPF_MAP_TYPE_HASH_OF_MAPS. */
class MapOfMapsTest {
    private static final MapDefinition INNER = MapDefinition.of("like", MapType.HASH, 4, 8, 10);

    private final ArrayOfMaps array = (ArrayOfMaps) outer(MapType.ARRAY_OF_MAPS, INNER);
    private final HashOfMaps hash = (HashOfMaps) outer(MapType.HASH_OF_MAPS, INNER);
    private final BpfMap first = inner("first");
    private final BpfMap second = inner("second");

    @ParameterizedTest
    @CsvSource({
        "ARRAY_OF_MAPS, 8, 4, 1, 0, EINVAL",
        "ARRAY_OF_MAPS, 4, 8, 1, 0, EINVAL",
        "ARRAY_OF_MAPS, 4, 4, 0, 0, EINVAL",
        "ARRAY_OF_MAPS, 4, 4, 1, 1, EINVAL",
        "ARRAY_OF_MAPS, 4, 4, 1, 128, EINVAL",
        "ARRAY_OF_MAPS, 4, 4, 4294967295, 0, ENOMEM",
        "HASH_OF_MAPS, 0, 4, 1, 0, EINVAL",
        "HASH_OF_MAPS, 4, 8, 1, 0, EINVAL",
        "HASH_OF_MAPS, 4, 4, 0, 0, EINVAL",
        "HASH_OF_MAPS, 4, 4, 1, 2, EINVAL",
    })
    void whatCanNotBeIsRefused(
            MapType type, int key, int value, long count, int flags, Errno errno) {
        var definition = MapDefinition.of("o", type, key, value, count).withFlags(flags);

        Refusal.of(errno, () -> MapKinds.plain().create(definition.holding(INNER)));
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY_OF_MAPS", "HASH_OF_MAPS"})
    void itMustSayWhatItsMapsAreLike(MapType type) {
        var definition = MapDefinition.of("o", type, 4, 4, 1);

        Refusal.of(Errno.EBADF, () -> MapKinds.plain().create(definition));
        Refusal.of(Errno.EINVAL, () -> outer(type, definition));
        Refusal.of(
                Errno.ENOTSUPP,
                () -> outer(type, MapDefinition.of("jumps", MapType.PROG_ARRAY, 4, 4, 1)));
    }

    @Test
    void aMapIsPutReplacedAndTakenOut() {
        array.update(u32(1), first, UpdateFlag.ANY);
        assertThat(array.map(u32(1))).hasValue(first);
        array.update(u32(1), second, UpdateFlag.ANY);
        assertThat(array.map(u32(1))).hasValue(second);

        array.delete(u32(1));

        assertThat(array.map(u32(1))).isEmpty();
        Refusal.of(Errno.ENOENT, () -> array.delete(u32(1)));
    }

    @Test
    void anArrayRefusesOtherFlagsAndIndexes() {
        Refusal.of(Errno.EINVAL, () -> array.update(u32(0), first, UpdateFlag.EXIST));
        Refusal.of(Errno.EINVAL, () -> array.update(u32(0), first, UpdateFlag.NOEXIST));
        Refusal.of(Errno.E2BIG, () -> array.update(u32(4), first, UpdateFlag.ANY));
        Refusal.of(Errno.E2BIG, () -> array.delete(u32(4)));
        Refusal.of(Errno.EINVAL, () -> array.update(u64(0), first, UpdateFlag.ANY));
        assertThat(array.lookup(u32(4))).isEmpty();
        assertThat(array.keys()).hasSize(4);
    }

    @Test
    void aHashKnowsTheFlagsOfAHash() {
        Refusal.of(Errno.ENOENT, () -> hash.update(u32(1), first, UpdateFlag.EXIST));
        hash.update(u32(1), first, UpdateFlag.NOEXIST);
        Refusal.of(Errno.EEXIST, () -> hash.update(u32(1), second, UpdateFlag.NOEXIST));
        hash.update(u32(1), second, UpdateFlag.EXIST);
        for (int i = 2; i < 5; i++) hash.update(u32(i), first, UpdateFlag.ANY);

        Refusal.of(Errno.E2BIG, () -> hash.update(u32(9), first, UpdateFlag.ANY));
        assertThat(hash.map(u32(1))).hasValue(second);
        Refusal.of(Errno.ENOTSUPP, () -> hash.lookupAndDelete(u32(1)));
        assertThat(hash.batch().lookupAndDelete(4).elements()).hasSize(4);
        assertThat(hash.keys()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY_OF_MAPS", "HASH_OF_MAPS"})
    void aProgramFindsTheMapAndAnApplicationItsId(MapType type) {
        var outer = outer(type, INNER);
        ((MapOfMaps) outer).update(u32(0), first, UpdateFlag.ANY);

        assertThat(((ObjectRegion) outer.lookupFromProgram(u32(0))).object()).isSameAs(first);
        assertThat(outer.lookupFromProgram(u32(0))).isSameAs(outer.lookupFromProgram(u32(0)));
        assertThat(outer.lookup(u32(0))).hasValue(u32(first.id()));
        assertThat(outer.lookupFromProgram(u32(1))).isNull();
        assertThat(outer.lookup(u32(1))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY_OF_MAPS", "HASH_OF_MAPS"})
    void mapsAreNotBytesAndProgramsOnlyLookThemUp(MapType type) {
        var outer = outer(type, INNER);
        ((MapOfMaps) outer).update(u32(0), first, UpdateFlag.ANY);

        Refusal.of(Errno.EBADF, () -> outer.update(u32(0), u32(second.id()), UpdateFlag.ANY));
        assertThat(outer.updateFromProgram(u32(0), u32(second.id()), 0)).isEqualTo(-22);
        assertThat(outer.deleteFromProgram(u32(0))).isEqualTo(-22);
        outer.freeze();
        Refusal.of(Errno.EPERM, () -> ((MapOfMaps) outer).update(u32(0), second, UpdateFlag.ANY));
        assertThat(((MapOfMaps) outer).map(u32(0))).hasValue(first);
    }

    @ParameterizedTest
    @CsvSource({
        "HASH, 4, 8, 99, 0, true",
        "HASH, 8, 8, 10, 0, false",
        "HASH, 4, 4, 10, 0, false",
        "HASH, 4, 8, 10, 1, false",
        "LRU_HASH, 4, 8, 10, 0, false",
    })
    void onlyAMapThatIsAlikeIsTaken(
            MapType type, int key, int value, long count, int flags, boolean alike) {
        var map =
                MapKinds.plain()
                        .create(MapDefinition.of("m", type, key, value, count).withFlags(flags));

        for (var outer : new MapOfMaps[] {array, hash}) {
            if (alike) {
                outer.update(u32(0), map, UpdateFlag.ANY);
            } else {
                assertThat(
                                Refusal.of(
                                        Errno.EINVAL,
                                        () -> outer.update(u32(0), map, UpdateFlag.ANY)))
                        .hasMessageContaining("map m differs from what it is for: it is")
                        .hasMessageContaining("expected hash, key 4, value 8");
            }
        }
    }

    /** The verifier may have counted on the number of elements, unless BPF_F_INNER_MAP is set. */
    @Test
    void arraysHaveTheSameNumberOfElements() {
        var four = MapDefinition.of("a", MapType.ARRAY, 4, 8, 4);
        var outer = (ArrayOfMaps) outer(MapType.ARRAY_OF_MAPS, four);
        outer.update(u32(0), new ArrayMap(four), UpdateFlag.ANY);
        Refusal.of(
                Errno.EINVAL,
                () -> outer.update(u32(0), new ArrayMap(four.withMaxEntries(5)), UpdateFlag.ANY));

        var any = four.withFlags(ArrayMap.INNER_MAP);
        var lenient = (ArrayOfMaps) outer(MapType.ARRAY_OF_MAPS, any);
        lenient.update(u32(0), new ArrayMap(any.withMaxEntries(5)), UpdateFlag.ANY);
    }

    /** Whoever has a map goes on with it, replaced or not. */
    @Test
    void aMapThatIsTakenOutStaysUsable() {
        array.update(u32(0), first, UpdateFlag.ANY);
        var found = (BpfMap) ((ObjectRegion) array.lookupFromProgram(u32(0))).object();

        array.delete(u32(0));

        assertThat(found.updateFromProgram(u32(1), u64(1), 0)).isZero();
        assertThat(first.lookup(u32(1))).isPresent();
    }

    @Test
    void aReaderFindsOneOfTheMapsWhileTheyAreReplaced() throws Exception {
        hash.update(u32(0), first, UpdateFlag.ANY);
        Set<Object> allowed = new HashSet<>(Set.of(first, second));

        Threads.run(
                3,
                thread -> {
                    for (int i = 0; i < 5_000; i++) {
                        if (thread == 0) {
                            hash.update(u32(0), i % 2 == 0 ? second : first, UpdateFlag.EXIST);
                        } else {
                            var found = (ObjectRegion) hash.lookupFromProgram(u32(0));
                            assertThat(allowed).contains(found.object());
                        }
                    }
                });
    }

    private static BpfMap inner(String name) {
        return new HashMap(MapDefinition.of(name, MapType.HASH, 4, 8, 10));
    }

    private static BpfMap outer(MapType type, MapDefinition inner) {
        return MapKinds.plain().create(MapDefinition.of("outer", type, 4, 4, 4).holding(inner));
    }
}
