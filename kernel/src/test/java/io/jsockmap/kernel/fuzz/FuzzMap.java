package io.jsockmap.kernel.fuzz;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.sockmap.map.SockMap;

import java.util.List;
import java.util.Locale;

/** The maps that generated programs use. */
enum FuzzMap {
    ONE(MapType.ARRAY, 4, 64, 1),
    ARRAY(MapType.ARRAY, 4, 16, 4),
    HASH(MapType.HASH, 4, 8, 4),
    RING(MapType.RINGBUF, 0, 0, 4096),
    PROGRAMS(MapType.PROG_ARRAY, 4, 4, 2),
    SOCKETS(MapType.SOCKMAP, 4, 4, 2);

    private static final MapKinds KINDS = MapKinds.plain().with(MapType.SOCKMAP, SockMap::new);

    private final MapType type;
    private final int key;
    private final int value;
    private final int entries;

    FuzzMap(MapType type, int key, int value, int entries) {
        this.type = type;
        this.key = key;
        this.value = value;
        this.entries = entries;
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
        return KINDS.create(MapDefinition.of(label(), type, key, value, entries));
    }
}
