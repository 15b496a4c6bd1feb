package io.jsockmap.bpf.compiler.emit;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.program.StackUse;
import io.jsockmap.bpf.program.Target;

import java.util.Map;
import java.util.TreeMap;

/**
 * The frame of a function: which of its bytes are in memory, and which are locals.
 *
 * @param used bytes from the highest down that are touched at all
 * @param inMemory whether any of them, or the frame pointer itself, must be there
 * @param locals the locals by the offsets of the words that they stand for
 */
record FrameLayout(int used, boolean inMemory, Map<Integer, Integer> locals) {

    /**
     * The frame of a function.
     *
     * @param asLocals whether bytes may be locals at all
     */
    static FrameLayout of(Unit unit, Body body, boolean asLocals) {
        var facts = unit.facts();
        if (facts.isEmpty()) return new FrameLayout(MachineLimits.STACK, true, Map.of());
        var use = facts.get().stack(body.start());
        Map<Integer, Integer> locals = new TreeMap<>();
        boolean memory = use.escapes();
        for (int word = -MachineLimits.STACK; word < 0; word += Long.BYTES) {
            if (asLocals && isLocal(unit, body, use, word)) {
                locals.put(word, Locals.SLOTS + 2 * locals.size());
            } else {
                memory |= word + Long.BYTES > use.lowest();
            }
        }
        return new FrameLayout(-use.lowest(), memory, locals);
    }

    private static boolean isLocal(Unit unit, Body body, StackUse use, int word) {
        for (int at = word; at < word + Long.BYTES; at++) {
            if (!use.isDirect(at)) return false;
        }
        boolean used = false;
        for (int slot : body.slots()) {
            if (!(unit.target(slot) instanceof Target.Stack(int offset))) continue;
            var i = unit.program().slot(slot);
            int size = i.access().map(Instruction.Access::size).orElse(0);
            if (offset + size <= word || offset >= word + Long.BYTES) continue;
            boolean fits = offset >= word && offset + size <= word + Long.BYTES;
            if (!fits || i.operation() instanceof Atomic) return false;
            used = true;
        }
        return used;
    }

    /** Whether the bytes from an offset on are in a local. */
    boolean isLocal(int offset) {
        return locals.containsKey(wordOf(offset));
    }

    /** The local that has them. */
    int localOf(int offset) {
        return locals.get(wordOf(offset));
    }

    private static int wordOf(int offset) {
        return Math.floorDiv(offset, Long.BYTES) * Long.BYTES;
    }
}
