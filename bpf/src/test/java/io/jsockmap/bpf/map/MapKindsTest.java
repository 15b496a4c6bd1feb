package io.jsockmap.bpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which kinds of maps there are, and what happens to others. */
class MapKindsTest {
    private static final MapDefinition ARENA =
            MapDefinition.of("events", MapType.ARENA, 0, 0, 4096);

    @Test
    void aKindThatIsNotOfferedIsRefusedByItsName() {
        assertThat(Refusal.of(Errno.EINVAL, () -> MapKinds.plain().create(ARENA)))
                .hasMessageContaining("map events (arena)")
                .hasMessageContaining("offered: hash, array, prog_array, ");
    }

    @Test
    void aKindThatNobodyKnowsIsRefusedByItsNumber() {
        var unknown = new MapDefinition("odd", 999, 4, 4, 1, 0, false, 0, 0);

        assertThat(Refusal.of(Errno.EINVAL, () -> MapKinds.plain().create(unknown)))
                .hasMessageContaining("map odd (type 999)");
    }

    @Test
    void anotherModuleAddsAKindWithoutChangingThePlainOnes() {
        var more = MapKinds.plain().with(MapType.ARENA, d -> new HashMap(sized(d)));

        assertThat(more.create(ARENA).name()).isEqualTo("events");
        Refusal.of(Errno.EINVAL, () -> MapKinds.plain().create(ARENA));
    }

    @ParameterizedTest
    @EnumSource(names = {"HASH", "LRU_HASH", "PERCPU_HASH", "LRU_PERCPU_HASH", "LPM_TRIE"})
    void aMapWhoseElementsComeAndGoCountsThem(MapType type) {
        int flags = type == MapType.LPM_TRIE ? HashMap.NO_PREALLOC : 0;
        var definition = MapDefinition.of("m", type, 8, 8, 10).withFlags(flags);
        var map = MapKinds.plain().create(definition);
        assertThat(map.count()).hasValue(0);

        var key = new byte[8];
        map.update(key, new byte[map.userValueSize()], UpdateFlag.ANY);
        assertThat(map.count()).hasValue(1);

        map.delete(key);
        assertThat(map.count()).hasValue(0);
    }

    @Test
    void anArrayCountsNothingAsAllIsThere() {
        assertThat(MapKinds.plain().create(MapDefinition.of("a", MapType.ARRAY, 4, 8, 3)).count())
                .isEmpty();
    }

    private static MapDefinition sized(MapDefinition definition) {
        return MapDefinition.of(definition.name(), MapType.HASH, 4, 4, definition.maxEntries());
    }
}
