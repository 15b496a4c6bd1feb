package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Code;

/** Atomic operations of every kind and size: on values of maps, and on the stack. */
final class Atomics {
    private final Writer w;

    Atomics(Writer w) {
        this.w = w;
    }

    void write() {
        boolean stack = w.chance(40);
        int word = w.below(Sheet.SLOTS);
        int base = Code.FRAME_POINTER;
        int offset = -8 * (word + 1);
        if (stack) {
            w.emit(Insns.storeConstant(8, base, offset, w.constant()));
            w.sheet.setSlot(word, Held.Figure.ANY);
        } else {
            base = w.kept();
            offset = 8 * w.below(4);
            w.emit(Insns.value(base, FuzzMap.ONE, 0));
            w.sheet.set(base, new Held.Memory(64, false, false));
        }
        if (base < 10) w.take(base);
        for (int i = w.between(1, 3); i > 0; i--) operation(base, offset);
        if (w.chance(60)) {
            int to = w.free();
            w.emit(Insns.load(8, to, base, offset));
            w.sheet.set(to, Held.Figure.ANY);
        }
        if (base < 10) w.giveBack(base);
    }

    private void operation(int base, int offset) {
        var op = w.any(AtomicOp.values());
        int source = w.number();
        switch (op) {
            case LOAD_ACQUIRE -> {
                int to = w.free();
                int size = w.size(1, 2, 4, 8);
                w.emit(Insns.atomic(op, size, to, offset + w.below(8 / size) * size, base));
                w.sheet.set(to, Held.Figure.ANY);
            }
            case STORE_RELEASE -> {
                int size = w.size(1, 2, 4, 8);
                w.emit(Insns.atomic(op, size, base, offset + w.below(8 / size) * size, source));
            }
            case CMPXCHG -> {
                expected(base, offset);
                w.emit(Insns.atomic(op, w.size(4, 8), base, offset, source));
                w.sheet.set(0, Held.Figure.ANY);
            }
            default -> {
                int size = w.size(4, 8);
                w.emit(Insns.atomic(op, size, base, offset + w.below(8 / size) * size, source));
                if (op.fetches()) w.sheet.set(source, Held.Figure.ANY);
            }
        }
    }

    /** Often what is there. */
    private void expected(int base, int offset) {
        if (w.sheet.register(0) instanceof Held.Context) return;
        if (w.chance(50)) w.emit(Insns.load(w.size(4, 8), 0, base, offset));
        else w.emit(Insns.set(0, w.constant()));
        w.sheet.set(0, Held.Figure.ANY);
    }
}
