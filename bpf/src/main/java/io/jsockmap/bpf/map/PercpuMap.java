package io.jsockmap.bpf.map;

import io.jsockmap.bpf.memory.Region;

/**
 * A map with a value for each CPU.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="total"}
 */
public sealed interface PercpuMap permits PercpuArrayMap, PercpuHashMap {
    /** {@code bpf_map_lookup_percpu_elem}: a CPU's value of a key, or null. */
    Region lookupFromProgram(Key key, int cpu);

    /** {@link #lookupFromProgram(Key, int)} for whoever has an array. */
    default Region lookupFromProgram(byte[] key, int cpu) {
        return lookupFromProgram(Key.of(key), cpu);
    }
}
