package io.jsockmap.bpf.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.memory.WriteOnlyRegion;

import java.lang.foreign.MemorySegment;

/**
 * One value of a map.
 *
 * @param memory its bytes
 * @param seen what programs may do with them: one object each, as a pointer is compared by it
 */
record MapValue(ByteRegion memory, Region seen) {
    /** What a value takes beside its bytes, about. */
    static final int OVERHEAD = 160;

    /** Some bytes as a value of a map. */
    static MapValue of(BpfMap map, ByteRegion memory) {
        return new MapValue(memory, seenByPrograms(map, memory));
    }

    /** A value of its own, zeroed. */
    static MapValue allocate(BpfMap map, String label) {
        return of(map, ByteRegion.allocate(label, map.valueSize()));
    }

    /** A value of its own, zeroed, of an element that can have a timer. */
    static MapValue allocate(BpfMap map, String label, byte[] key) {
        return of(map, ByteRegion.allocate(label, map.valueSize()).asValueOf(map, key));
    }

    private static Region seenByPrograms(BpfMap map, ByteRegion memory) {
        int flags = map.definition().flags();
        if ((flags & BpfMap.RDONLY_PROG) != 0) return memory.readOnly();
        if ((flags & BpfMap.WRONLY_PROG) != 0) return new WriteOnlyRegion(memory);
        return memory;
    }

    /** The key of its element, which can have a timer: all values of a key have one array of it. */
    byte[] elementKey() {
        return memory.element().orElseThrow().key();
    }

    /** Its element was deleted, or has another value now. */
    void retire() {
        memory.retire();
    }

    byte[] copy() {
        return memory.segment().toArray(JAVA_BYTE);
    }

    /** Sets all bytes, from some place of an array on. */
    void set(byte[] from, int offset) {
        MemorySegment.copy(from, offset, memory.segment(), JAVA_BYTE, 0, memory.size());
    }
}
