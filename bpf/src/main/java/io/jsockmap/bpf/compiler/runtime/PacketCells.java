package io.jsockmap.bpf.compiler.runtime;

import java.lang.foreign.MemorySegment;

/**
 * Loads and stores in a packet: all of the address counts, so one of another region is far outside.
 *
 * <p>Short methods of their own, as each kind of memory has its kind of segment: the JVM's compiler
 * sees one kind at each place, and the methods of programs stay short.
 */
public final class PacketCells {
    private PacketCells() {}

    public static long load1(MemorySegment packet, long start, long pointer, int offset) {
        return packet.get(Cells.BYTE, pointer - start + offset) & 0xffL;
    }

    public static long load2(MemorySegment packet, long start, long pointer, int offset) {
        return packet.get(Cells.SHORT, pointer - start + offset) & 0xffffL;
    }

    public static long load4(MemorySegment packet, long start, long pointer, int offset) {
        return packet.get(Cells.INT, pointer - start + offset) & 0xffff_ffffL;
    }

    public static long load8(MemorySegment packet, long start, long pointer, int offset) {
        return packet.get(Cells.LONG, pointer - start + offset);
    }

    public static void store1(
            MemorySegment packet, long start, long pointer, int offset, long value) {
        packet.set(Cells.BYTE, pointer - start + offset, (byte) value);
    }

    public static void store2(
            MemorySegment packet, long start, long pointer, int offset, long value) {
        packet.set(Cells.SHORT, pointer - start + offset, (short) value);
    }

    public static void store4(
            MemorySegment packet, long start, long pointer, int offset, long value) {
        packet.set(Cells.INT, pointer - start + offset, (int) value);
    }

    public static void store8(
            MemorySegment packet, long start, long pointer, int offset, long value) {
        packet.set(Cells.LONG, pointer - start + offset, value);
    }
}
