package io.jsockmap.bpf.compiler.runtime;

import java.lang.foreign.MemorySegment;

/**
 * Loads and stores in the frame of the function that runs, at a place that varies: all of the
 * address counts, so one of another region is far outside.
 *
 * <p>Short methods of their own, as each kind of memory has its kind of segment: the JVM's compiler
 * sees one kind at each place, and the methods of programs stay short.
 */
public final class FrameCells {
    private FrameCells() {}

    public static long load1(MemorySegment frame, long end, long pointer, int offset) {
        return frame.get(Cells.BYTE, pointer - end + Stack.SIZE + offset) & 0xffL;
    }

    public static long load2(MemorySegment frame, long end, long pointer, int offset) {
        return frame.get(Cells.SHORT, pointer - end + Stack.SIZE + offset) & 0xffffL;
    }

    public static long load4(MemorySegment frame, long end, long pointer, int offset) {
        return frame.get(Cells.INT, pointer - end + Stack.SIZE + offset) & 0xffff_ffffL;
    }

    public static long load8(MemorySegment frame, long end, long pointer, int offset) {
        return frame.get(Cells.LONG, pointer - end + Stack.SIZE + offset);
    }

    public static void store1(MemorySegment frame, long end, long pointer, int offset, long value) {
        frame.set(Cells.BYTE, pointer - end + Stack.SIZE + offset, (byte) value);
    }

    public static void store2(MemorySegment frame, long end, long pointer, int offset, long value) {
        frame.set(Cells.SHORT, pointer - end + Stack.SIZE + offset, (short) value);
    }

    public static void store4(MemorySegment frame, long end, long pointer, int offset, long value) {
        frame.set(Cells.INT, pointer - end + Stack.SIZE + offset, (int) value);
    }

    public static void store8(MemorySegment frame, long end, long pointer, int offset, long value) {
        frame.set(Cells.LONG, pointer - end + Stack.SIZE + offset, value);
    }
}
