package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.SpecialField;
import io.jsockmap.sockmap.map.UserSockMap;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** The maps that generated programs use. */
enum FuzzMap {
    ONE(MapType.ARRAY, 4, 64, 1),
    ARRAY(MapType.ARRAY, 4, 16, 4),
    HASH(MapType.HASH, 4, 8, 4),
    RING(MapType.RINGBUF, 0, 0, 4096),
    PROGRAMS(MapType.PROG_ARRAY, 4, 4, 2),
    SOCKETS(MapType.SOCKMAP, 4, 4, 2),
    LRU(MapType.LRU_HASH, 4, 8, 4),
    OF_CPUS(MapType.PERCPU_ARRAY, 4, 16, 2),
    HASH_OF_CPUS(MapType.PERCPU_HASH, 4, 8, 4),
    TRIE(MapType.LPM_TRIE, 8, 8, 4, map -> map.withFlags(1)),
    QUEUE(MapType.QUEUE, 0, 8, 3),
    STACK(MapType.STACK, 0, 8, 3),
    BLOOM(MapType.BLOOM_FILTER, 0, 8, 4),
    STORAGE(MapType.SK_STORAGE, 4, 8, 0, map -> map.withFlags(1).withTypes(1, 1)),
    LOCKED(
            MapType.ARRAY,
            4,
            16,
            2,
            map -> map.withSpecial(List.of(new SpecialField(SpecialField.Kind.SPIN_LOCK, 0)))),
    OUTER(
            MapType.ARRAY_OF_MAPS,
            4,
            4,
            2,
            map -> map.holding(MapDefinition.of("inner", MapType.ARRAY, 4, 16, 2)));

    private static final MapKinds KINDS = MapKinds.plain().with(MapType.SOCKMAP, UserSockMap::new);

    private final MapType type;
    private final int key;
    private final int value;
    private final int entries;
    private final UnaryOperator<MapDefinition> more;

    FuzzMap(MapType type, int key, int value, int entries) {
        this(type, key, value, entries, UnaryOperator.identity());
    }

    FuzzMap(MapType type, int key, int value, int entries, UnaryOperator<MapDefinition> more) {
        this.type = type;
        this.key = key;
        this.value = value;
        this.entries = entries;
        this.more = more;
    }

    /** Its place, by which drafts refer to it. */
    int place() {
        return List.of(values()).indexOf(this);
    }

    /** The map of a place. */
    static FuzzMap at(int place) {
        return values()[place];
    }

    /** Bytes of a value. */
    int valueSize() {
        return value;
    }

    /** Its name in a case of the corpus. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How a case of the corpus tells what it is. */
    String text() {
        return "%s(%d, %d, %d)"
                .formatted(type.name().toLowerCase(Locale.ROOT), key, value, entries);
    }

    /** A new one; arrays hold zeros, the others nothing. */
    BpfMap create() {
        return create(more.apply(MapDefinition.of(label(), type, key, value, entries)));
    }

    /** A new map like that. */
    static BpfMap create(MapDefinition definition) {
        return KINDS.create(definition);
    }
}
