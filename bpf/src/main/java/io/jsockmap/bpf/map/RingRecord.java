package io.jsockmap.bpf.map;

import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.HeldRegion;
import io.jsockmap.bpf.memory.Memory;

import java.lang.foreign.MemorySegment;

/**
 * A record of a ring buffer that is reserved. The program that reserved it writes it, on one
 * thread, and then submits or discards it; a second time does nothing.
 */
public final class RingRecord implements HeldRegion {
    private final RingBufferMap ring;
    private final int at;
    private final ByteRegion memory;
    private boolean open = true;

    RingRecord(RingBufferMap ring, int at, ByteRegion memory) {
        this.ring = ring;
        this.at = at;
        this.memory = memory;
    }

    /** {@code bpf_ringbuf_submit}: the application can read it now. */
    public void submit(long flags) {
        commit(false, flags);
    }

    /** {@code bpf_ringbuf_discard}: the application will not see it. */
    public void discard(long flags) {
        commit(true, flags);
    }

    /** Discards what a program left behind, which would hold back all records after it. */
    @Override
    public void runEnded() {
        discard(0);
    }

    private void commit(boolean discarded, long flags) {
        if (!open) return;
        open = false;
        ring.commit(this, discarded, flags);
    }

    int at() {
        return at;
    }

    ByteRegion memory() {
        return memory;
    }

    @Override
    public String name() {
        return memory.name();
    }

    @Override
    public int size() {
        return memory.size();
    }

    @Override
    public long load(Memory memory, int offset, int size) {
        return this.memory.load(memory, offset, size);
    }

    @Override
    public void store(Memory memory, int offset, int size, long value) {
        this.memory.store(memory, offset, size, value);
    }

    @Override
    public long atomic(
            Memory memory, int offset, int size, AtomicOp op, long operand, long expected) {
        return this.memory.atomic(memory, offset, size, op, operand, expected);
    }

    @Override
    public MemorySegment bytes(int offset, int size, boolean write) {
        return memory.bytes(offset, size, write);
    }
}
