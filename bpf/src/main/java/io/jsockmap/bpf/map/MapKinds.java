package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The kinds of maps that can be made: those of this package, and what other modules add.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="hash"}
 */
public final class MapKinds {
    private final Map<MapType, Function<MapDefinition, BpfMap>> kinds =
            new EnumMap<>(MapType.class);

    private MapKinds() {}

    /** All kinds, made by one constructor that looks at the definition's type itself. */
    public static MapKinds all(Function<MapDefinition, BpfMap> constructor) {
        var kinds = new MapKinds();
        for (var type : MapType.values()) kinds.kinds.put(type, constructor);
        return kinds;
    }

    /** The kinds that know nothing of sockets. */
    public static MapKinds plain() {
        return new MapKinds()
                .with(MapType.ARRAY, ArrayMap::new)
                .with(MapType.HASH, HashMap::new)
                .with(MapType.LRU_HASH, LruHashMap::new)
                .with(MapType.PERCPU_HASH, PercpuHashMap::new)
                .with(MapType.PERCPU_ARRAY, PercpuArrayMap::new)
                .with(MapType.LRU_PERCPU_HASH, LruPercpuHashMap::new)
                .with(MapType.LPM_TRIE, LpmTrieMap::new)
                .with(MapType.QUEUE, QueueMap::new)
                .with(MapType.STACK, StackMap::new)
                .with(MapType.BLOOM_FILTER, BloomFilterMap::new)
                .with(MapType.RINGBUF, RingBufferMap::new)
                .with(MapType.PERF_EVENT_ARRAY, PerfEventArrayMap::new)
                .with(MapType.ARRAY_OF_MAPS, ArrayOfMaps::new)
                .with(MapType.HASH_OF_MAPS, HashOfMaps::new)
                .with(MapType.SK_STORAGE, SkStorageMap::new)
                .with(MapType.PROG_ARRAY, ProgArrayMap::new);
    }

    /** These kinds and one more. */
    public MapKinds with(MapType type, Function<MapDefinition, BpfMap> constructor) {
        var more = new MapKinds();
        more.kinds.putAll(kinds);
        more.kinds.put(type, constructor);
        return more;
    }

    /** The kinds that are offered. */
    public Set<MapType> types() {
        return Collections.unmodifiableSet(kinds.keySet());
    }

    /**
     * Makes a map.
     *
     * @throws MapException EINVAL for a kind that is not offered, and what its constructor refuses
     */
    public BpfMap create(MapDefinition definition) {
        var constructor = definition.kind().map(kinds::get);
        if (constructor.isEmpty()) {
            var offered =
                    kinds.keySet().stream()
                            .map(MapType::toString)
                            .collect(Collectors.joining(", "));
            throw definition.refused(
                    Errno.EINVAL,
                    "this kind of map is not offered here (offered: %s)".formatted(offered));
        }
        return constructor.get().apply(definition);
    }
}
