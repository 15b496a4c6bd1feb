package io.jsockmap.kernel.call;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** The {@code union bpf_attr} of one command: zeros, and what is written into it. */
public final class Attributes {
    /** Bytes of a name, the zero at its end included. */
    private static final int NAME = 16;

    private final Arena arena;
    private final MemorySegment segment;

    /**
     * @param arena holds all memory that the kernel reads during the call
     * @param size bytes that the kernel shall look at
     */
    public Attributes(Arena arena, int size) {
        this.arena = arena;
        segment = arena.allocate(size, Long.BYTES);
    }

    public MemorySegment segment() {
        return segment;
    }

    public Attributes u32(int offset, int value) {
        segment.set(JAVA_INT, offset, value);
        return this;
    }

    public int u32(int offset) {
        return segment.get(JAVA_INT, offset);
    }

    public Attributes u64(int offset, long value) {
        segment.set(JAVA_LONG, offset, value);
        return this;
    }

    public Attributes pointer(int offset, MemorySegment target) {
        return u64(offset, target.address());
    }

    /** A pointer to that many bytes, zeros, which the kernel fills. */
    public MemorySegment room(int offset, int size) {
        var room = arena.allocate(Math.max(1, size), Long.BYTES);
        pointer(offset, room);
        return room;
    }

    /** A pointer to a copy of those bytes. */
    public Attributes bytes(int offset, byte[] bytes) {
        var copy = arena.allocate(Math.max(1, bytes.length), Long.BYTES);
        copy.copyFrom(MemorySegment.ofArray(bytes));
        return pointer(offset, copy);
    }

    /** A pointer to a text. */
    public Attributes text(int offset, String text) {
        return pointer(offset, arena.allocateFrom(text));
    }

    /** A name, as far as the kernel takes it. */
    public Attributes name(int offset, String name) {
        var bytes = name.replaceAll("[^A-Za-z0-9_.]", "_").getBytes(StandardCharsets.US_ASCII);
        int length = Math.min(bytes.length, NAME - 1);
        MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, offset, length);
        return this;
    }
}
