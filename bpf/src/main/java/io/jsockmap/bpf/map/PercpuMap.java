package io.jsockmap.bpf.map;

import io.jsockmap.bpf.memory.Region;

/** A map with a value for each CPU. */
public sealed interface PercpuMap permits PercpuArrayMap, PercpuHashMap {
    /** {@code bpf_map_lookup_percpu_elem}: a CPU's value of a key, or null. */
    Region lookupFromProgram(byte[] key, int cpu);
}
