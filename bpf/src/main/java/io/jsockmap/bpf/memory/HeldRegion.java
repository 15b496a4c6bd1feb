package io.jsockmap.bpf.memory;

import io.jsockmap.bpf.insn.AtomicOp;

import java.lang.foreign.MemorySegment;

/** Memory that others wait for until the program lets it go, at the latest when its run ends. */
public abstract class HeldRegion implements Region {
    private final ByteRegion memory;

    protected HeldRegion(ByteRegion memory) {
        this.memory = memory;
    }

    /** Lets it go, if the program has not done so itself. */
    public abstract void runEnded();

    /** The memory itself, for whoever it is held back from. */
    public final ByteRegion memory() {
        return memory;
    }

    @Override
    public final String name() {
        return memory.name();
    }

    @Override
    public final int size() {
        return memory.size();
    }

    @Override
    public final long load(Memory memory, int offset, int size) {
        return this.memory.load(memory, offset, size);
    }

    @Override
    public final void store(Memory memory, int offset, int size, long value) {
        this.memory.store(memory, offset, size, value);
    }

    @Override
    public final long atomic(
            Memory memory, int offset, int size, AtomicOp op, long operand, long expected) {
        return this.memory.atomic(memory, offset, size, op, operand, expected);
    }

    @Override
    public final MemorySegment bytes(int offset, int size, boolean write) {
        return memory.bytes(offset, size, write);
    }
}
