package io.jsockmap.bpf.map;

import java.lang.foreign.MemorySegment;

/**
 * A map of values without keys, for {@code bpf_map_push_elem} and its like.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="keyless"}
 */
public sealed interface KeylessMap permits QueueMap, BloomFilterMap {

    /** {@code bpf_map_push_elem}; 0, or an errno, negative. */
    long pushFromProgram(byte[] value, long flags);

    /** {@code bpf_map_pop_elem}: writes the value to where the program wants it. */
    long popFromProgram(MemorySegment value);

    /** {@code bpf_map_peek_elem}: writes the value; of a bloom filter, tests it. */
    long peekFromProgram(MemorySegment value);
}
