package io.jsockmap.bpf.memory;

import java.lang.foreign.MemorySegment;

/** A context that belongs to a packet, whose bytes {@code bpf_perf_event_output} can append. */
public interface PacketBytes {
    /**
     * All bytes of the packet at this moment, also those that the program can't reach directly.
     * They are read before the helper returns, and not kept.
     */
    MemorySegment packetBytes();
}
