package io.jsockmap.bpf.compiler.runtime;

import java.lang.foreign.MemorySegment;

/**
 * Loads and stores in the frame of the function that runs, at a place that is known.
 *
 * <p>Short methods of their own, as each kind of memory has its kind of segment: the JVM's compiler
 * sees one kind at each place, and the methods of programs stay short.
 */
public final class StackCells {
    private StackCells() {}

    public static long load1(MemorySegment frame, int offset) {
        return frame.get(Cells.BYTE, offset) & 0xffL;
    }

    public static long load2(MemorySegment frame, int offset) {
        return frame.get(Cells.SHORT, offset) & 0xffffL;
    }

    public static long load4(MemorySegment frame, int offset) {
        return frame.get(Cells.INT, offset) & 0xffff_ffffL;
    }

    public static long load8(MemorySegment frame, int offset) {
        return frame.get(Cells.LONG, offset);
    }

    public static void store1(MemorySegment frame, int offset, long value) {
        frame.set(Cells.BYTE, offset, (byte) value);
    }

    public static void store2(MemorySegment frame, int offset, long value) {
        frame.set(Cells.SHORT, offset, (short) value);
    }

    public static void store4(MemorySegment frame, int offset, long value) {
        frame.set(Cells.INT, offset, (int) value);
    }

    public static void store8(MemorySegment frame, int offset, long value) {
        frame.set(Cells.LONG, offset, value);
    }
}
