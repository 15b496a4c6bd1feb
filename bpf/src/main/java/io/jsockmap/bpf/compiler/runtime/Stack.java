package io.jsockmap.bpf.compiler.runtime;

import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The frames of the functions that run, as far as they need memory. Used again and again. */
final class Stack {
    private static final int SIZE = 512;
    private static final int WORDS = SIZE / Long.BYTES;

    private final Memory memory;
    private Frame[] frames = {};
    private int depth;
    private long pointer;

    Stack(Memory memory) {
        this.memory = memory;
    }

    private record Frame(long[] words, ByteRegion region) {
        static Frame make() {
            var words = new long[WORDS];
            return new Frame(words, ByteRegion.of("stack", MemorySegment.ofArray(words)));
        }
    }

    /**
     * Begins a frame.
     *
     * @param used how many of its bytes, from the highest down, may be looked at: they are zeros
     */
    MemorySegment enter(int used) {
        if (depth == frames.length) grow();
        var frame = frames[depth];
        for (int k = WORDS - (used + Long.BYTES - 1) / Long.BYTES; k < WORDS; k++) {
            frame.words[k] = 0;
        }
        pointer = memory.enterFrame(depth, frame.region) + SIZE;
        depth++;
        return frame.region.window();
    }

    private void grow() {
        var frame = Frame.make();
        frames = Arrays.copyOf(frames, depth + 1);
        frames[depth] = frame;
    }

    /** The frame that was begun last. */
    MemorySegment last() {
        return frames[depth - 1].region.window();
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
