package io.jsockmap.bpf.memory;

import io.jsockmap.bpf.insn.AtomicOp;

import java.lang.foreign.MemorySegment;

/**
 * Something that a pointer of a program can point to. A program reaches nothing but the regions it
 * was given, and of them nothing beyond {@link #size()}.
 */
public interface Region {

    /** What a person calls it: {@code stack}, {@code context}, {@code value of map ports}. */
    String name();

    /** Bytes that may be addressed, from offset 0. */
    int size();

    /**
     * Reads an unsigned number. The place lies inside of the region.
     *
     * @throws MemoryFault if this kind of region can't be read so
     */
    long load(Memory memory, int offset, int size);

    /**
     * Writes the low bytes of a number. The place lies inside of the region.
     *
     * @throws MemoryFault if this kind of region can't be written so
     */
    void store(Memory memory, int offset, int size, long value);

    /**
     * An atomic operation; gives what was there before.
     *
     * @throws MemoryFault if this kind of region has none, or can't be written
     */
    default long atomic(
            Memory memory, int offset, int size, AtomicOp op, long operand, long expected) {
        throw fault(offset, size, "has no atomic operations");
    }

    /**
     * The bytes, for a helper that reads or writes them.
     *
     * @throws MemoryFault if the region has no bytes, or they are read-only and asked to be written
     */
    default MemorySegment bytes(int offset, int size, boolean write) {
        throw fault(offset, size, "is not plain memory");
    }

    /** A fault at this region. */
    default MemoryFault fault(int offset, int size, String problem) {
        return new MemoryFault(name(), offset, size, problem);
    }
}
