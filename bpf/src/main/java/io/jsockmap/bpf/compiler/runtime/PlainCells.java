package io.jsockmap.bpf.compiler.runtime;

import io.jsockmap.bpf.memory.Memory;

/**
 * Loads and stores in a region that the pointer names: a map's value, another function's frame.
 *
 * <p>Short methods of their own, as each kind of memory has its kind of segment: the JVM's compiler
 * sees one kind at each place, and the methods of programs stay short.
 */
public final class PlainCells {
    private PlainCells() {}

    public static long load1(Memory memory, long pointer, int offset) {
        return memory.plain(pointer, false).get(Cells.BYTE, at(pointer, offset)) & 0xffL;
    }

    public static long load2(Memory memory, long pointer, int offset) {
        return memory.plain(pointer, false).get(Cells.SHORT, at(pointer, offset)) & 0xffffL;
    }

    public static long load4(Memory memory, long pointer, int offset) {
        return memory.plain(pointer, false).get(Cells.INT, at(pointer, offset)) & 0xffff_ffffL;
    }

    public static long load8(Memory memory, long pointer, int offset) {
        return memory.plain(pointer, false).get(Cells.LONG, at(pointer, offset));
    }

    public static void store1(Memory memory, long pointer, int offset, long value) {
        memory.plain(pointer, true).set(Cells.BYTE, at(pointer, offset), (byte) value);
    }

    public static void store2(Memory memory, long pointer, int offset, long value) {
        memory.plain(pointer, true).set(Cells.SHORT, at(pointer, offset), (short) value);
    }

    public static void store4(Memory memory, long pointer, int offset, long value) {
        memory.plain(pointer, true).set(Cells.INT, at(pointer, offset), (int) value);
    }

    public static void store8(Memory memory, long pointer, int offset, long value) {
        memory.plain(pointer, true).set(Cells.LONG, at(pointer, offset), value);
    }

    /** The pointer's lower half has the offset in its region, plus 2^31. */
    static long at(long pointer, int offset) {
        return (pointer & 0xffff_ffffL) - (1L << 31) + offset;
    }
}
