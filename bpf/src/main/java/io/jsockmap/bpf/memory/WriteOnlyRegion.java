package io.jsockmap.bpf.memory;

import io.jsockmap.bpf.insn.AtomicOp;

import java.lang.foreign.MemorySegment;

/**
 * A value of a BPF_F_WRONLY_PROG map: programs find it and write it, but can't read it.
 *
 * @param memory its bytes
 */
public record WriteOnlyRegion(ByteRegion memory) implements Region {
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
        throw unreadable(offset, size);
    }

    @Override
    public void store(Memory memory, int offset, int size, long value) {
        this.memory.store(memory, offset, size, value);
    }

    /** Also without a result the operation reads: the kernel's verifier refuses it likewise. */
    @Override
    public long atomic(
            Memory memory, int offset, int size, AtomicOp op, long operand, long expected) {
        if (op != AtomicOp.STORE_RELEASE) throw unreadable(offset, size);
        return this.memory.atomic(memory, offset, size, op, operand, expected);
    }

    @Override
    public MemorySegment bytes(int offset, int size, boolean write) {
        if (!write) throw unreadable(offset, size);
        return memory.bytes(offset, size, true);
    }

    private RuntimeException unreadable(int offset, int size) {
        return fault(offset, size, "can't be read: the map is BPF_F_WRONLY_PROG");
    }
}
