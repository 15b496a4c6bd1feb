package io.jsockmap.bpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;

import org.junit.jupiter.api.Test;

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

    private static MapDefinition sized(MapDefinition definition) {
        return MapDefinition.of(definition.name(), MapType.HASH, 4, 4, definition.maxEntries());
    }
}
