package io.jsockmap.bpf.compiler.runtime;

import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The frames of the functions that run, as far as they need memory. Used again and again. */
final class Stack {
    static final int SIZE = 512;

    private final Memory memory;
    private final List<Frame> frames = new ArrayList<>();
    private int depth;
    private long pointer;

    Stack(Memory memory) {
        this.memory = memory;
    }

    private record Frame(long[] words, ByteRegion region) {
        static Frame make() {
            var words = new long[SIZE / Long.BYTES];
            return new Frame(words, ByteRegion.of("stack", MemorySegment.ofArray(words)));
        }
    }

    /**
     * Begins a frame.
     *
     * @param used how many of its bytes, from the highest down, may be looked at: they are zeros
     */
    MemorySegment enter(int used) {
        if (depth == frames.size()) frames.add(Frame.make());
        var frame = frames.get(depth);
        int words = frame.words.length;
        Arrays.fill(frame.words, words - (used + Long.BYTES - 1) / Long.BYTES, words, 0);
        pointer = memory.enterFrame(depth, frame.region) + SIZE;
        depth++;
        return frame.region.window();
    }

    /** The frame that was begun last. */
    MemorySegment last() {
        return frames.get(depth - 1).region.window();
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
        memory.revoke(frames.get(--depth).region);
    }

    /** Ends all frames. */
    void clear() {
        depth = 0;
    }
}
