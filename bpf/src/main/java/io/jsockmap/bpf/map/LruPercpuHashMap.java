package io.jsockmap.bpf.map;

/**
 * BPF_MAP_TYPE_LRU_PERCPU_HASH: a hash with a value for each CPU that makes room by dropping an
 * element that was not used lately.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="percpu"}
 */
public final class LruPercpuHashMap extends PercpuHashMap {
    public LruPercpuHashMap(MapDefinition definition) {
        super(definition, HashTable.WhenFull.EVICT);
    }
}
