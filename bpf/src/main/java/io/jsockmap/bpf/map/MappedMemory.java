package io.jsockmap.bpf.map;

import java.lang.foreign.MemorySegment;

/**
 * A map whose values applications reach as memory: what they write there programs see at once.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="array"}
 */
public interface MappedMemory {

    /** The values, one behind the other. Read-only where applications can't write. */
    MemorySegment mapped();
}
