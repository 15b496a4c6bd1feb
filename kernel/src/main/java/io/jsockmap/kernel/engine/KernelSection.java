package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MappedMemory;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.call.Held;
import io.jsockmap.kernel.call.Mapping;

import java.lang.foreign.MemorySegment;

/** A data section of an object: an array of one value, which this process sees as memory. */
final class KernelSection extends KernelMap implements MappedMemory, Held {
    /** BPF_F_MMAPABLE. */
    static final int MMAPABLE = 1 << 10;

    private static final long PAGE = 4096;

    private Mapping mapping;

    KernelSection(MapDefinition definition, Descriptor descriptor) {
        super(definition, descriptor);
    }

    /** Mapped when it is first asked for: a map that can be written so can't be frozen. */
    @Override
    public synchronized MemorySegment mapped() {
        var open = descriptor();
        // Says so if the object is closed, whose memory is not to be touched then.
        var _ = open.number();
        if (mapping == null) {
            long size = (valueSize() + PAGE - 1) / PAGE * PAGE;
            boolean writable = !isFrozen();
            mapping = Mapping.of(open, 0, size, writable, "section " + name());
        }
        return mapping.memory().asSlice(0, valueSize());
    }

    @Override
    public synchronized void close() {
        if (mapping != null) mapping.close();
    }
}
