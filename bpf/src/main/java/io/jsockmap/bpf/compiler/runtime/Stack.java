package io.jsockmap.bpf.compiler.runtime;

import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.program.MachineLimits;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The frames of the functions that run, as far as they need memory. Used again and again. */
final class Stack {
    private static final int SIZE = MachineLimits.STACK;

    private final Memory memory;
    private Frame[] frames = {};
    private int depth;
    private long pointer;

    Stack(Memory memory) {
        this.memory = memory;
    }

    private record Frame(byte[] bytes, ByteRegion region) {
        static Frame make() {
            var bytes = new byte[SIZE];
            return new Frame(bytes, ByteRegion.of("stack", MemorySegment.ofArray(bytes)));
        }
    }

    /**
     * Begins a frame.
     *
     * @param used how many of its bytes, from the highest down, may be looked at: they are zeros
     */
    byte[] enter(int used) {
        if (depth == frames.length) grow();
        var frame = frames[depth];
        // A loop, as these are few bytes mostly.
        for (int at = SIZE - used & -Long.BYTES; at < SIZE; at += Long.BYTES) {
            Cells.LONGS.set(frame.bytes, at, 0L);
        }
        pointer = memory.enterFrame(depth, frame.region) + SIZE;
        depth++;
        return frame.bytes;
    }

    private void grow() {
        var frame = Frame.make();
        frames = Arrays.copyOf(frames, depth + 1);
        frames[depth] = frame;
    }

    /** The frame that was begun last. */
    byte[] last() {
        return frames[depth - 1].bytes;
    }

    /** Its frame pointer. */
    long pointer() {
        return pointer;
    }

    /** Ends the last frame. */
    void leave() {
        depth--;
    }

    /** Ends the last frame so that pointers into it are told to be old. */
    void revoke() {
        memory.revoke(frames[--depth].region);
    }

    /** Ends all frames. */
    void clear() {
        depth = 0;
    }
}
