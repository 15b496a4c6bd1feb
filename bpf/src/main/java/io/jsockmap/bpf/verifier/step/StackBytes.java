package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.program.MachineLimits;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Bytes of the stacks of functions, counted from the lowest. */
public final class StackBytes {
    private final Map<Integer, BitSet> functions = new HashMap<>();

    /**
     * Adds bytes.
     *
     * @param function where the function begins
     * @param first the first byte's offset to the frame pointer; what lies outside is left out
     * @param end the offset behind the last byte
     */
    public void add(int function, long first, long end) {
        int from = Math.clamp(first, -MachineLimits.STACK, 0) + MachineLimits.STACK;
        int to = Math.clamp(end, -MachineLimits.STACK, 0) + MachineLimits.STACK;
        if (from >= to) return;
        var bytes = functions.computeIfAbsent(function, _ -> new BitSet(MachineLimits.STACK));
        if (bytes.nextClearBit(from) < to) bytes.set(from, to);
    }

    /** Those of a function. */
    public BitSet of(int function) {
        var bytes = functions.get(function);
        return bytes == null ? new BitSet() : (BitSet) bytes.clone();
    }
}
