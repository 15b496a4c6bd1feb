package io.jsockmap.bpf.map;

/**
 * BPF_MAP_TYPE_LRU_HASH: a full map makes room by dropping an element that was not used lately.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="full"}
 */
public final class LruHashMap extends HashMap {
    public LruHashMap(MapDefinition definition) {
        super(definition, HashTable.WhenFull.EVICT);
    }
}
